-- The rows of the Epistemix API's own tables, at its revision 001 or 002, which are called original_jobs and original_runs by now and stay there. Times
-- become milliseconds, signed addresses the keys of blobs. What was being run elsewhere can be queued again.
INSERT INTO jobs
SELECT id, user_id, coalesce(tags, '[]'), CASE WHEN lower(status) = 'created' THEN 'created' ELSE 'submitted' END,
  CAST(round((julianday(created_at) - 2440587.5) * 86400000) AS INTEGER),
  CAST(round((julianday(coalesce(updated_at, created_at)) - 2440587.5) * 86400000) AS INTEGER),
  CASE WHEN instr(input_location, '/jobs/') > 0 THEN substr(input_location, instr(input_location, '/jobs/') + 1,
    CASE WHEN instr(input_location, '?') > 0 THEN instr(input_location, '?') - instr(input_location, '/jobs/') - 1 ELSE length(input_location) END) END,
  CASE WHEN instr(config_location, '/jobs/') > 0 THEN substr(config_location, instr(config_location, '/jobs/') + 1,
    CASE WHEN instr(config_location, '?') > 0 THEN instr(config_location, '?') - instr(config_location, '/jobs/') - 1 ELSE length(config_location) END) END,
  coalesce(job_metadata, '{}')
FROM original_jobs;

-- A column that the older revision has not is looked for in "missing" instead, since the inner name is tried first.
CREATE TEMP TABLE taken AS
SELECT r.id, r.job_id, r.user_id, r.created_at, r.updated_at, r.request, r.pod_phase, lower(r.status) AS status,
  r.user_deleted, r.epx_client_version,
  (SELECT coalesce(config_url, url) FROM original_runs AS own WHERE own.id = r.id) AS config,
  (SELECT results_url FROM original_runs AS own WHERE own.id = r.id) AS results,
  (SELECT results_uploaded_at FROM original_runs AS own WHERE own.id = r.id) AS uploaded
FROM original_runs AS r,
  (SELECT NULL AS config_url, NULL AS url, NULL AS results_url, NULL AS results_uploaded_at) AS missing;

INSERT INTO runs
SELECT id, job_id, user_id,
  CAST(round((julianday(created_at) - 2440587.5) * 86400000) AS INTEGER),
  CAST(round((julianday(coalesce(updated_at, created_at)) - 2440587.5) * 86400000) AS INTEGER),
  request,
  CASE WHEN pod_phase IN ('Pending', 'Running', 'Succeeded', 'Failed', 'Unknown') THEN pod_phase ELSE 'Unknown' END,
  CASE WHEN status IN ('done', 'succeeded', 'completed') THEN 'Done' WHEN status = 'cancelled' THEN 'Cancelled' ELSE 'Failed' END,
  coalesce(user_deleted, 0), coalesce(epx_client_version, ''),
  CASE WHEN instr(config, '/jobs/') > 0 THEN substr(config, instr(config, '/jobs/') + 1,
    CASE WHEN instr(config, '?') > 0 THEN instr(config, '?') - instr(config, '/jobs/') - 1 ELSE length(config) END) END,
  CASE WHEN instr(results, '/jobs/') > 0 THEN substr(results, instr(results, '/jobs/') + 1,
    CASE WHEN instr(results, '?') > 0 THEN instr(results, '?') - instr(results, '/jobs/') - 1 ELSE length(results) END) END,
  CAST(round((julianday(uploaded) - 2440587.5) * 86400000) AS INTEGER),
  CASE WHEN status IN ('done', 'succeeded', 'completed') THEN 1.0 ELSE 0.0 END,
  CASE WHEN status IN ('done', 'succeeded', 'completed', 'failed', 'error', 'cancelled') THEN NULL
    ELSE 'It was handed to another platform, whose database was taken over.' END,
  0
FROM taken;

DROP TABLE taken;
