-- Which models are to be ready, by the part of their paths, and how they were asked for.
CREATE TABLE forecasting_wanted (
  model text NOT NULL PRIMARY KEY,
  wanted jsonb NOT NULL,
  changed_at bigint NOT NULL
);
