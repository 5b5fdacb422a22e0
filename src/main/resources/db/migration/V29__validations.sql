-- Looks back whether a segmentation held. The queue refers to them by id, as it does to runs.
create table validation (
    id bigint generated always as identity primary key,
    segmentation_id bigint not null references segmentation on delete cascade,
    status text not null default 'queued' check (status in ('queued', 'running', 'completed', 'failed', 'cancelled')),
    definition json not null,            -- of the segmentation when it was asked for
    horizon text not null,
    cancel_requested boolean not null default false,
    attempt uuid,                        -- of the instance that computes it now: an older attempt can't write
    attempts int not null default 0,
    heartbeat_at timestamptz,
    phase text,
    fraction double precision,
    queued_at timestamptz not null,
    started_at timestamptz,
    finished_at timestamptz,
    as_of timestamptz,                   -- start of the horizon
    until timestamptz,                   -- its end
    time_zone text,                      -- in which its days were counted
    data_cutoff timestamptz,
    customers bigint,
    without_purchase bigint,
    held json,                           -- what it found
    problem json
);
create index validation_segmentation on validation (segmentation_id, id);
create index validation_unfinished on validation (heartbeat_at) where status in ('queued', 'running');
