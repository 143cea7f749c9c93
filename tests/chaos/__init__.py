"""Everything is killed under load, and nothing may be lost, doubled or out of order: ``make chaos``.

- ``parts``: the platform as it is run, each process under a name by which it can be killed and started again
- ``world``: many shops that sell the same goods, plenty of some and few of others
- ``people``: those who buy, and those who pick, pack and send at S, over HTTP
- ``plan``: which part dies when and how, from the seed
- ``verdict``: what must hold afterwards
"""
