"""Where the KPI functions run live: one package or module a host. Hosts never import each other."""
