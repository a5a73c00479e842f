-- The rows of the Epistemix API's own tables, at its revision 001 or 002, which stand in the schema "original" by now and stay there. Times
-- become milliseconds, signed addresses the keys of blobs. What was being run elsewhere can be queued again.
CREATE FUNCTION pg_temp.epistemix_key(address text) RETURNS text LANGUAGE sql AS $$ SELECT substring(address from '/(jobs/[^?]*)') $$;
CREATE FUNCTION pg_temp.epistemix_ms(at text) RETURNS bigint LANGUAGE sql AS $$ SELECT (extract(epoch FROM at::timestamp) * 1000)::bigint $$;

INSERT INTO jobs
SELECT id, user_id, coalesce(tags::jsonb, '[]'),
  CASE WHEN lower(status::text) = 'created' THEN 'created' ELSE 'submitted' END,
  pg_temp.epistemix_ms(created_at::text), pg_temp.epistemix_ms(coalesce(updated_at, created_at)::text),
  pg_temp.epistemix_key(input_location), pg_temp.epistemix_key(config_location), coalesce(job_metadata::jsonb, '{}')
FROM original.jobs;

-- As JSON, since the older revision has other columns.
INSERT INTO runs
SELECT id, job_id, user_id,
  pg_temp.epistemix_ms(created_at::text), pg_temp.epistemix_ms(coalesce(updated_at, created_at)::text), request::jsonb,
  CASE WHEN pod_phase::text IN ('Pending', 'Running', 'Succeeded', 'Failed', 'Unknown') THEN pod_phase::text ELSE 'Unknown' END,
  CASE WHEN is_done THEN 'Done' WHEN state = 'cancelled' THEN 'Cancelled' ELSE 'Failed' END,
  coalesce(user_deleted::int, 0), coalesce(epx_client_version, ''),
  pg_temp.epistemix_key(coalesce(own ->> 'config_url', own ->> 'url')), pg_temp.epistemix_key(own ->> 'results_url'),
  pg_temp.epistemix_ms(own ->> 'results_uploaded_at'),
  CASE WHEN is_done THEN 1 ELSE 0 END,
  CASE WHEN is_done OR state IN ('failed', 'error', 'cancelled') THEN NULL
    ELSE 'It was handed to another platform, whose database was taken over.' END,
  0
FROM (SELECT r.*, to_jsonb(r) AS own, lower(r.status::text) AS state, lower(r.status::text) IN ('done', 'succeeded', 'completed') AS is_done
  FROM original.runs AS r) AS each;
