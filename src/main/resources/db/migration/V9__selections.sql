-- Searches for a parameter. The queue refers to them by id, as it does to runs.
create table selection (
    id bigint generated always as identity primary key,
    dataset_id bigint not null references dataset on delete cascade,
    status text not null default 'queued' check (status in ('queued', 'running', 'completed', 'failed', 'cancelled')),
    definition json not null,            -- as the API shows it, with its defaults filled in
    cancel_requested boolean not null default false,
    attempt uuid,                        -- of the instance that computes it now: an older attempt can't write
    attempts int not null default 0,
    heartbeat_at timestamptz,
    phase text,
    fraction double precision,
    queued_at timestamptz not null,
    started_at timestamptz,
    finished_at timestamptz,
    as_of timestamptz,
    time_zone text,                      -- in which its days were counted
    data_cutoff timestamptz,
    customers bigint,
    without_purchase bigint,
    evidence json,                       -- what it found
    problem json
);
create index selection_dataset on selection (dataset_id, id);
create index selection_unfinished on selection (heartbeat_at) where status in ('queued', 'running');

-- Where a definition says "auto": what was taken, and why.
alter table segmentation_run add column chosen json, add column evidence json;
