"""Background work of the five dimensions. Messages carry nothing: what is due stands in the database."""

from __future__ import annotations

from celery import shared_task

from enablement.services import (
    advice,
    benchmark,
    desk,
    dispatching,
    forecasts,
    partitions,
    plans,
    quality_cards,
    recalls,
    rounds,
    sharing,
    shop_scores,
    sums,
    visits,
)
from s2b2c.kernel import clock


@shared_task(name="enablement.tasks.sum_sales")
def sum_sales() -> int:
    """Add the facts that came to the sums; may run twice."""
    return sums.refresh()


@shared_task(name="enablement.tasks.tell_recalls")
def tell_recalls() -> int:
    """Tell those a recall has not told yet; may run twice, or be killed, at any time."""
    return recalls.carry_on()


@shared_task(name="enablement.tasks.refresh_cards")
def refresh_cards() -> int:
    """Write what shops show of quality anew; may run twice."""
    return quality_cards.refresh_all()


@shared_task(name="enablement.tasks.make_months")
def make_months() -> int:
    """Make the months of facts that will soon be needed; may run twice."""
    return partitions.make_ahead(clock.now().date())


@shared_task(name="enablement.tasks.forecast_sales")
def forecast_sales() -> int:
    """Make what of today's forecasts is not made yet; may run twice."""
    return forecasts.run()


@shared_task(name="enablement.tasks.plan_purchases")
def plan_purchases() -> int:
    """Work out purchase plans that wait; may run twice, or be killed, at any time."""
    return plans.run_due()


@shared_task(name="enablement.tasks.share_savings")
def share_savings() -> int:
    """Credit shops the savings of plans whose orders are closed; may run twice."""
    return sharing.run_due()


@shared_task(name="enablement.tasks.dispatch_services")
def dispatch_services() -> int:
    """End offers nobody answered in time, and offer open tasks of the service network; may run twice."""
    return dispatching.run()


@shared_task(name="enablement.tasks.tend_rounds")
def tend_rounds() -> int:
    """Close buying rounds that are due, and end those whose time to sell is over; may run twice."""
    return rounds.close_due() + rounds.end_due()


@shared_task(name="enablement.tasks.ring_desk")
def ring_desk() -> int:
    """Pass on the cases whose time is up; may run twice."""
    return desk.ring()


@shared_task(name="enablement.tasks.advise_shops")
def advise_shops() -> int:
    """Make what of today's advice is not made yet; may run twice."""
    return advice.run()


@shared_task(name="enablement.tasks.compare_shops")
def compare_shops() -> int:
    """Make last month's benchmark, unless it is there; may run twice."""
    return benchmark.run()


@shared_task(name="enablement.tasks.write_visits")
def write_visits() -> int:
    """Write what was counted of visits into the database; may run twice, or be killed, at any time."""
    return visits.flush()


@shared_task(name="enablement.tasks.forget_visits")
def forget_visits() -> int:
    """Let go of visits of long ago; may run twice."""
    return visits.forget()


@shared_task(name="enablement.tasks.score_shops")
def score_shops() -> int:
    """Make the scores of shops anew; may run twice."""
    return shop_scores.run()
