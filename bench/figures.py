"""Every figure there is: a name, and the function that yields its results."""

FIGURES: dict[str, str] = {
    "start": "bench.start:measure",
    "tenancy": "bench.tenancy:measure",
    "pages": "bench.pages:measure",
    "checkout": "bench.checkout:measure",
    "hot": "bench.hot:measure",
    "sync": "bench.sync:measure",
    "desk": "bench.desk:measure",
    "ledger": "bench.ledger:measure",
    "buying": "bench.buying:measure",
    "mart": "bench.mart:measure",
    "dispatch": "bench.dispatch:measure",
    "forecast": "bench.forecast:measure",
    "advice": "bench.advice:measure",
    "retail": "bench.retail:measure",
    "trace": "bench.trace:measure",
}
