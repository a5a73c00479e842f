-- The rows of the Simulation & Report API's own tables, which stand in the schema "original" by now and stay there.
-- Work that waited or ran waits: whoever ran it is gone.
CREATE FUNCTION pg_temp.milliseconds(at timestamptz) RETURNS bigint LANGUAGE sql AS 'SELECT (extract(epoch FROM at) * 1000)::bigint';

-- Emails are kept in lower case here; of two that differ in their case alone, the elder account has it.
INSERT INTO users
  SELECT id::text, CASE place WHEN 1 THEN lower(email) ELSE lower(email) || '#' || place END, hashed_password, full_name,
    coalesce(is_active, true), coalesce(is_superuser, false), external_id, NULL,
    pg_temp.milliseconds(coalesce(created_at, now())), pg_temp.milliseconds(coalesce(updated_at, now()))
  FROM (SELECT *, row_number() OVER (PARTITION BY lower(email) ORDER BY created_at, id) AS place FROM original.users) AS each;

INSERT INTO simulation_jobs (id, user_id, simulation_type, status, progress, attempt, failures, losses, run_number,
    max_attempts, priority, parameters, parameters_key, result_key, result_size_bytes, error_code, error_message,
    job_metadata, callback_url, event_count, created_at, started_at, completed_at)
  SELECT id::text, user_id::text, simulation_type, CASE WHEN is_ended THEN status::text ELSE 'PENDING' END,
    CASE WHEN is_ended THEN progress::double precision END, is_ended::int, (status::text = 'FAILED')::int, 0, is_ended::int,
    3, 0, CASE WHEN parameters_s3_key IS NULL THEN parameters::text END, parameters_s3_key, result_s3_key,
    result_size_bytes, error_code, error_message, job_metadata::text, callback_url, 0,
    pg_temp.milliseconds(coalesce(created_at, now())), pg_temp.milliseconds(started_at),
    CASE WHEN is_ended THEN pg_temp.milliseconds(coalesce(completed_at, now())) END
  FROM (SELECT *, status::text IN ('COMPLETED', 'FAILED', 'CANCELLED') AS is_ended FROM original.simulation_jobs) AS each;

INSERT INTO job_counts
  SELECT user_id, simulation_type, status, count(*) FROM simulation_jobs GROUP BY user_id, simulation_type, status;

INSERT INTO reports
  SELECT id::text, user_id::text, report_type, output_format, CASE WHEN is_ended THEN status::text ELSE 'PENDING' END,
    array_to_json(simulation_job_ids)::text, parameters::text, is_ended::int, (status::text = 'FAILED')::int, 0,
    is_ended::int, s3_key, content_type, substring(s3_key FROM '[^/]*$'), size_bytes, error_code, error_message,
    pg_temp.milliseconds(coalesce(created_at, now())),
    CASE WHEN is_ended THEN pg_temp.milliseconds(coalesce(completed_at, now())) END
  FROM (SELECT *, status::text IN ('COMPLETED', 'FAILED') AS is_ended FROM original.reports) AS each;
