-- Whether the segments of a run can be trusted: computed after it is published, in the queue like a run.
create table run_trust (
    id bigint primary key references segmentation_run on delete cascade,
    status text not null default 'queued' check (status in ('queued', 'running', 'completed', 'failed', 'cancelled')),
    cancel_requested boolean not null default false,
    attempt uuid,                        -- of the instance that computes it now: an older attempt can't write
    attempts int not null default 0,
    heartbeat_at timestamptz,
    phase text,
    fraction double precision,
    queued_at timestamptz not null,
    started_at timestamptz,
    finished_at timestamptz,
    trust json,                          -- as the API shows it
    problem json
);
create index run_trust_unfinished on run_trust (heartbeat_at) where status in ('queued', 'running');
