-- One shop, brand or product whose customers are segmented together.
create table dataset (
    id bigint generated always as identity primary key,
    key text not null unique,
    name text not null,
    currency text,
    time_zone text not null,
    cancellation_pattern text,
    created_at timestamptz not null default now()
);

-- db-scheduler's queue, and the only outbox. It carries ids; the rows they name are the truth.
create table scheduled_tasks (
    task_name text not null,
    task_instance text not null,
    task_data bytea,
    execution_time timestamptz not null,
    picked boolean not null,
    picked_by text,
    last_success timestamptz,
    last_failure timestamptz,
    consecutive_failures int,
    last_heartbeat timestamptz,
    version bigint not null,
    priority smallint,
    state text,
    primary key (task_name, task_instance)
);
create index scheduled_tasks_execution_time on scheduled_tasks (execution_time);
create index scheduled_tasks_last_heartbeat on scheduled_tasks (last_heartbeat);

-- What a dataset holds, so that no reader counts it: one row a dataset, kept by every merge and undo of an upload.
create table dataset_counters (
    dataset_id bigint primary key references dataset on delete cascade,
    customers bigint not null,   -- with at least one transaction
    transactions bigint not null,
    first_transaction_at timestamptz,
    last_transaction_at timestamptz
);
