-- Accounts, queues, jobs and reports. Times are milliseconds since the epoch.

-- Accounts of the systems whose users sign in. Times are milliseconds since the epoch.
CREATE TABLE users (
  id TEXT NOT NULL PRIMARY KEY,
  email TEXT NOT NULL UNIQUE,
  hashed_password TEXT NOT NULL,
  full_name TEXT,
  is_active INTEGER NOT NULL,
  is_superuser INTEGER NOT NULL,
  external_id TEXT UNIQUE,
  webhook_secret TEXT,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;

-- Failed sign-ins by email and address, kept for as long as they count.
CREATE TABLE login_failures (
  source TEXT NOT NULL,
  failed_at INTEGER NOT NULL
) STRICT;
CREATE INDEX login_failures_source ON login_failures (source, failed_at);
CREATE INDEX login_failures_time ON login_failures (failed_at);

-- Work that waits or is being done. Times are of the database's clock.
CREATE TABLE work_queue (
  queue TEXT NOT NULL,
  id TEXT NOT NULL,
  owner TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('ready', 'delayed', 'leased')),
  priority INTEGER NOT NULL,
  queued_at INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  lease_number INTEGER NOT NULL,
  leased_by TEXT,
  lease_until INTEGER,
  PRIMARY KEY (queue, id)
) STRICT;
CREATE INDEX work_queue_turn ON work_queue (queue, state, owner, priority DESC, queued_at, id);
CREATE INDEX work_queue_due ON work_queue (queue, state, due_at);
CREATE INDEX work_queue_lease ON work_queue (queue, state, lease_until);

-- Owners with something in a queue, and when each was served last or came.
CREATE TABLE work_queue_turns (
  queue TEXT NOT NULL,
  owner TEXT NOT NULL,
  served_at INTEGER NOT NULL,
  PRIMARY KEY (queue, owner)
) STRICT, WITHOUT ROWID;

-- Simulations. run_number rises with every start, attempt with every start after a failure.
CREATE TABLE simulation_jobs (
  id TEXT NOT NULL PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users(id) ON DELETE CASCADE,
  simulation_type TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('PENDING', 'RUNNING', 'COMPLETED', 'FAILED', 'CANCELLED')),
  progress REAL,
  attempt INTEGER NOT NULL,
  failures INTEGER NOT NULL,
  losses INTEGER NOT NULL,
  run_number INTEGER NOT NULL,
  max_attempts INTEGER NOT NULL,
  priority INTEGER NOT NULL,
  timeout_s REAL,
  start_after INTEGER,
  parameters TEXT,
  parameters_key TEXT,
  result_inline TEXT,
  result_key TEXT,
  result_size_bytes INTEGER,
  error_code TEXT,
  error_message TEXT,
  job_metadata TEXT NOT NULL,
  callback_url TEXT,
  checkpoint TEXT,
  event_count INTEGER NOT NULL,
  worker_id TEXT,
  schedule_id TEXT,
  engine TEXT,
  created_at INTEGER NOT NULL,
  started_at INTEGER,
  completed_at INTEGER
) STRICT;
CREATE INDEX simulation_jobs_user ON simulation_jobs (user_id, created_at DESC, id DESC);
CREATE INDEX simulation_jobs_user_status ON simulation_jobs (user_id, status, created_at DESC, id DESC);
CREATE INDEX simulation_jobs_user_type ON simulation_jobs (user_id, simulation_type, created_at DESC, id DESC);
CREATE INDEX simulation_jobs_time ON simulation_jobs (created_at DESC, id DESC);
CREATE INDEX simulation_jobs_completed ON simulation_jobs (status, completed_at);
CREATE INDEX simulation_jobs_schedule ON simulation_jobs (schedule_id, created_at);

-- How many jobs a user has of each type and status: what a list says without counting.
CREATE TABLE job_counts (
  user_id TEXT NOT NULL REFERENCES users(id) ON DELETE CASCADE,
  simulation_type TEXT NOT NULL,
  status TEXT NOT NULL,
  jobs INTEGER NOT NULL,
  PRIMARY KEY (user_id, simulation_type, status)
) STRICT, WITHOUT ROWID;

-- What happened to a job, numbered from 1 for each job.
CREATE TABLE job_events (
  job_id TEXT NOT NULL REFERENCES simulation_jobs(id) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  at INTEGER NOT NULL,
  type TEXT NOT NULL,
  data TEXT NOT NULL,
  PRIMARY KEY (job_id, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX job_events_time ON job_events (at);

-- Idempotency keys of the last 24 hours.
CREATE TABLE idempotency_keys (
  user_id TEXT NOT NULL REFERENCES users(id) ON DELETE CASCADE,
  key TEXT NOT NULL,
  job_id TEXT NOT NULL,
  body_hash TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (user_id, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_keys_time ON idempotency_keys (created_at);

-- Reports over finished simulations.
CREATE TABLE reports (
  id TEXT NOT NULL PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users(id) ON DELETE CASCADE,
  report_type TEXT NOT NULL,
  output_format TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('PENDING', 'GENERATING', 'COMPLETED', 'FAILED')),
  simulation_job_ids TEXT NOT NULL,
  parameters TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  failures INTEGER NOT NULL,
  losses INTEGER NOT NULL,
  run_number INTEGER NOT NULL,
  blob_key TEXT,
  content_type TEXT,
  filename TEXT,
  size_bytes INTEGER,
  error_code TEXT,
  error_message TEXT,
  created_at INTEGER NOT NULL,
  completed_at INTEGER
) STRICT;
CREATE INDEX reports_user ON reports (user_id, created_at DESC, id DESC);
CREATE INDEX reports_completed ON reports (status, completed_at);

-- Jobs that start by the clock.
CREATE TABLE schedules (
  id TEXT NOT NULL PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users(id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  cron TEXT NOT NULL,
  zone TEXT NOT NULL,
  job TEXT NOT NULL,
  is_enabled INTEGER NOT NULL,
  next_at INTEGER,
  last_at INTEGER,
  last_job_id TEXT,
  skipped INTEGER NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX schedules_user ON schedules (user_id, created_at DESC, id DESC);
CREATE INDEX schedules_next ON schedules (is_enabled, next_at);

-- Call-backs: what is told to whom, and how that went.
CREATE TABLE callback_deliveries (
  id TEXT NOT NULL PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users(id) ON DELETE CASCADE,
  job_id TEXT NOT NULL,
  url TEXT NOT NULL,
  body TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('PENDING', 'DELIVERED', 'FAILED')),
  tries INTEGER NOT NULL,
  http_status INTEGER,
  error TEXT,
  created_at INTEGER NOT NULL,
  completed_at INTEGER
) STRICT;
CREATE INDEX callback_deliveries_job ON callback_deliveries (job_id);
CREATE INDEX callback_deliveries_user ON callback_deliveries (user_id, created_at DESC, id DESC);
CREATE INDEX callback_deliveries_completed ON callback_deliveries (status, completed_at);

-- One-use tickets for event streams, by their hash.
CREATE TABLE stream_tickets (
  hash TEXT NOT NULL PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users(id) ON DELETE CASCADE,
  job_id TEXT NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX stream_tickets_time ON stream_tickets (expires_at);
