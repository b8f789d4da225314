"""What ``./dev`` is made of: Python's standard library only, one subject per file.

=================  =====================================================================
``cli``            the commands and their arguments
``messages``       lines for the reader, and errors that end a command with one clear line
``paths``          where things are kept, and the hashes that name them
``process``        running other programs, locks against doing the same thing twice
``debian``         Debian packages: missing ones installed, others unpacked beside the system
``odoo_tree``      Odoo's source: from ``ODOO_HOME`` or from Debian's package
``venv``           virtual environments from the lock files
``cluster``        the PostgreSQL server: from ``PGHOST`` ... or a private one
``databases``      databases: base, base with the addon, copies of these, demo
``server``         Odoo as a process: its configuration, one-off runs, serving
``testing``        ``./dev test``
``linting``        ``./dev lint``, with ``xml_format`` for the layout of XML
=================  =====================================================================

Odoo and the virtual environments lie in a cache folder shared by checkouts (``paths.CACHE``);
cluster, databases, filestore and logs in ``.dev`` of the checkout. Everything is built under
a temporary name and renamed (or marked) when complete, so that a command which was
interrupted can simply be run again.

A database is a copy of another one wherever that is possible: *base* (the modules that the
addon depends on, a minute to make), *base with the addon* (ten seconds more), and copies of
that for the demo, for tests and for ``./dev db``.
"""
