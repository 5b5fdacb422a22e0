-- A definition kept under a key; its runs, newest published one current.
create table segmentation (
    id bigint generated always as identity primary key,
    dataset_id bigint not null references dataset on delete cascade,
    key text not null,
    definition json not null,            -- as the API shows it, with its defaults filled in
    current_run int,                     -- number of the run that readers see
    created_at timestamptz not null,
    unique (dataset_id, key)
);

-- One execution. The queue refers to it by id, so the row outlives the task.
create table segmentation_run (
    id bigint generated always as identity primary key,
    segmentation_id bigint not null references segmentation on delete cascade,
    number int not null,
    status text not null default 'queued' check (status in ('queued', 'running', 'completed', 'failed', 'cancelled')),
    definition json not null,            -- the definition as it was when the run was asked for
    wanted_as_of text,                   -- the asOf of this run alone, as the client wrote it
    cancel_requested boolean not null default false,
    attempt uuid,                        -- of the instance that computes it now: an older attempt can't publish
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
    quality json,
    warnings json,
    problem json,
    member_values text[],                -- names of what the method says of each member, in the order they are kept
    model bytea,                         -- what the run learned, to assign customers without a new fit
    unique (segmentation_id, number)
);
create index segmentation_run_unfinished on segmentation_run (heartbeat_at) where status in ('queued', 'running');

-- The groups of a completed run, as published.
create table segment (
    run_id bigint not null references segmentation_run on delete cascade,
    position int not null,
    key text not null,
    name text not null,
    size bigint not null,
    share double precision,
    revenue double precision,
    revenue_share double precision,
    noise boolean not null,
    features json not null,
    centre json,
    persona json,
    description text not null,
    action json,
    primary key (run_id, key)
);

-- Who is in which segment, from which run until which. A run writes only what it changes: features are stored as facts that
-- do not age (for recency the local microsecond of the last purchase), so a customer who did nothing keeps the row.
create table membership (
    segmentation_id bigint not null references segmentation on delete cascade,
    customer_id bigint not null,         -- of table customer; no foreign key: checking it would cost more than the insert
    segment text not null,
    facts double precision[] not null,   -- in the order of the run's features
    scores smallint[],                   -- recency, frequency, monetary; with method rfm
    member_values double precision[],    -- what the method says of each member (probability, strength, …), by name order
    since timestamptz not null,          -- when the customer came into this segment
    previous text,                       -- the segment before this one
    from_run int not null,
    until_run int                        -- the first run that no longer holds it; null: current
);
create unique index membership_current on membership (segmentation_id, customer_id) where until_run is null;
create index membership_segment on membership (segmentation_id, segment) where until_run is null;
create index membership_history on membership (segmentation_id, until_run) where until_run is not null;
