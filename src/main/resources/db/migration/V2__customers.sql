-- Everybody that a dataset knows. The number is for joins only; no answer is ordered by it.
create table customer (
    id bigint generated always as identity primary key,
    dataset_id bigint not null references dataset on delete cascade,
    customer_id text collate "C" not null,
    unique (dataset_id, customer_id)
);
