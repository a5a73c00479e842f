DROP TABLE epistemix_ids;
DROP TABLE runs;
DROP TABLE jobs;
