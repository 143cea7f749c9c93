"""Starts the platform's own servers on one machine, without Docker and without root.

``manage.py up`` finds PostgreSQL and Redis (:mod:`binaries`), starts them beside the web server,
the workers and the clock (:mod:`up`), and takes all of them down again, however it ends itself
(:mod:`processes`, :mod:`watchdog`). The test suite uses the same modules for servers that are
thrown away (:mod:`throwaway`). Nothing here imports Django: the supervisor stays small.
"""
