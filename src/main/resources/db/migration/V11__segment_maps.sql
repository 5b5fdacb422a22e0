-- From cells of scores to named segments; the built-in ones are in the code.
create table segment_map (
    dataset_id bigint not null references dataset on delete cascade,
    key text not null,
    content json not null,   -- as the API shows it
    primary key (dataset_id, key)
);
