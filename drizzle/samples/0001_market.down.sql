DROP TABLE market_hashrate_snapshots;
DROP TABLE market_lease_figures;
DROP TABLE market_worker_figures;
