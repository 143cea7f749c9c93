"""Templates of a shop's pages, made ready for one language: what never changes is drawn once.

Most of a page's template is the same each time: its words in the reader's language, its icons, the partials it is made
of. A stencil is the same template with those already in place, and with a shorter way to a plain ``{{ name.field }}``.
What it draws is what Django would draw; whatever is not one of the plain cases is left to Django.
``tests/storefront/test_stencil.py`` holds the two together.
"""

from __future__ import annotations

from html import escape
from typing import Any

from django.template import Context, Engine, Template
from django.template.base import (
    FilterExpression,
    Node,
    NodeList,
    TextNode,
    Variable,
    VariableDoesNotExist,
    VariableNode,
    render_value_in_context,
)
from django.template.defaulttags import ForNode, IfNode, TemplateLiteral, WithNode
from django.template.library import SimpleNode
from django.template.loader_tags import IncludeNode
from django.templatetags.i18n import BlockTranslateNode, TranslateNode
from django.utils import translation
from django.utils.safestring import SafeString

from s2b2c.ui.tags import buttons

ALWAYS = {"icons_inline": True}  # what every page of a shop is drawn with


def make(name: str, language: str) -> Template:
    """Give a template of one's own, ready for a language."""
    engine = Engine.get_default()
    with translation.override(language):
        made = _own(name, engine)
        made.nodelist = _ready(made.nodelist, engine)
    return made


def _own(name: str, engine: Engine) -> Template:
    found = engine.get_template(name)
    return Template(found.source, origin=found.origin, name=found.name, engine=engine)


def _ready(nodes: NodeList, engine: Engine) -> NodeList:
    """Give nodes with what is constant drawn, and texts that touch joined."""
    ready = type(nodes)()
    for node in nodes:
        for each in _included(node, engine) or [node]:
            drawn = _drawn(each, engine)
            last = ready[-1] if ready else None
            if isinstance(drawn, TextNode) and isinstance(last, TextNode):
                ready[-1] = _Text(last.s + drawn.s)
            else:
                ready.append(drawn)
    return ready


class _Text(TextNode):
    """Text made of several nodes; Django writes their tokens into error pages, so it has none."""


def _included(node: Node, engine: Engine) -> NodeList | None:
    """Give what ``{% include "name" %}`` stands for, what it is drawn ``with`` around it."""
    if not isinstance(node, IncludeNode) or node.isolated_context:
        return None
    name = _constant(node.template)
    if not isinstance(name, str):
        return None
    inside = _ready(_own(name, engine).nodelist, engine)
    return NodeList([WithNode(None, None, inside, node.extra_context)]) if node.extra_context else inside


def _drawn(node: Node, engine: Engine) -> Node:
    if _is_constant(node):
        context = Context(ALWAYS)
        context.template = Template("", engine=engine)
        return _Text(str(node.render(context)))
    if type(node) is VariableNode:
        _quick(node.filter_expression)
        return _Shown(node.filter_expression) if not node.filter_expression.filters else node
    if type(node) is BlockTranslateNode and not (node.asvar or node.message_context):
        return _Sentence(node)
    if isinstance(node, IfNode):
        node.conditions_nodelists = [
            (_quick_condition(condition), _ready(nodes, engine)) for condition, nodes in node.conditions_nodelists
        ]
        return node
    if isinstance(node, ForNode):
        _quick(node.sequence)  # type: ignore[arg-type]
    for name in node.child_nodelists:
        inner = getattr(node, name, None)
        if isinstance(inner, NodeList):
            setattr(node, name, _ready(inner, engine))
    return node


# --- What never changes ------------------------------------------------------------------------------
def _is_constant(node: Node) -> bool:
    if isinstance(node, TranslateNode):
        return not node.asvar and node.message_context is None and _constant(node.filter_expression) is not None
    if isinstance(node, BlockTranslateNode):
        return not (node.extra_context or node.countervar or node.asvar or node.message_context) and not any(
            token.token_type.name == "VAR" for token in node.singular
        )
    if isinstance(node, SimpleNode) and node.func is buttons.ui_icon and node.target_var is None:
        return all(_constant(value) is not None for value in [*node.args, *node.kwargs.values()])
    return False


def _constant(expression: FilterExpression) -> Any:
    """Give the literal an expression is, or None."""
    if expression.filters:
        return None
    var = expression.var
    return var.literal if isinstance(var, Variable) else var


# --- A shorter way to a name ---------------------------------------------------------------------------
class _Quick(Variable):
    """Looks dictionaries and attributes up without asking each whether it is the other."""

    def _resolve_lookup(self, context: Any) -> Any:
        try:
            lookups = self.lookups or ()
            current = context[lookups[0]]
            for bit in lookups[1:]:
                if isinstance(current, dict):
                    current = current[bit]
                elif hasattr(type(current), "__getitem__"):
                    return super()._resolve_lookup(context)  # type: ignore[misc]
                else:
                    current = getattr(current, bit)
        except (KeyError, AttributeError, TypeError, IndexError):
            return super()._resolve_lookup(context)  # type: ignore[misc]
        return super()._resolve_lookup(context) if callable(current) else current  # type: ignore[misc]


def _quick(expression: Any) -> Any:
    var = expression.var
    if type(var) is Variable and var.lookups and not var.translate:
        expression.var = _Quick(var.var)


def _quick_condition(condition: Any) -> Any:
    """Walk a condition down to its names."""
    if isinstance(condition, TemplateLiteral):
        _quick(condition.value)
    for side in ("first", "second"):
        if getattr(condition, side, None) is not None:
            _quick_condition(getattr(condition, side))
    return condition


class _Shown(VariableNode):
    """``{{ name }}``: text and markup go straight out, all else Django's way."""

    def render(self, context: Any) -> str:
        var = self.filter_expression.var
        try:
            value = var._resolve_lookup(context) if type(var) is _Quick else self.filter_expression.resolve(context)
        except VariableDoesNotExist:
            value = self.filter_expression.resolve(context)
        kind = type(value)
        if kind is SafeString:
            return str(value)
        if kind is str and context.autoescape:
            return escape(value)
        return _text(value, context)

    render_annotated = render  # which would only note the place of an error, for Django's debug page


class _Sentence(Node):
    """``{% blocktranslate %}`` whose words were looked up before; only a number's form is chosen at each drawing."""

    def __init__(self, node: BlockTranslateNode) -> None:
        self.given, self.counter, self.countervar = node.extra_context, node.counter, node.countervar or ""
        for expression in [*self.given.values(), *([self.counter] if self.counter else [])]:
            _quick(expression)
        self.one, names = node.render_token_list(node.singular)
        self.many, more = node.render_token_list(node.plural) if self.counter else ("", [])
        self.names = list(dict.fromkeys([*names, *more]))
        self.text = "" if self.counter else translation.gettext(self.one)

    def render(self, context: Any) -> str:
        given = {name: value.resolve(context) for name, value in self.given.items()}
        text = self.text
        if self.counter:
            count = given[self.countervar] = self.counter.resolve(context)
            text = translation.ngettext(self.one, self.many, count)
        return text % {
            name: _text(given[name] if name in given else context.get(name, ""), context) for name in self.names
        }

    render_annotated = render


def _text(value: Any, context: Any) -> str:
    return str(value) if type(value) is int else str(render_value_in_context(value, context))
