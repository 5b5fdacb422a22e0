-- How much each score counts on a dataset's boards of priorities, where it is not all alike.
create table priority_weights (
    dataset_id bigint primary key references dataset on delete cascade,
    size double precision not null,
    revenue double precision not null,
    reach double precision not null,
    cost double precision not null
);
