-- What a dataset does about a segment where it is not what Clade suggests.
create table segment_action (
    dataset_id bigint not null references dataset on delete cascade,
    segment text not null,   -- key of a segment or persona
    content json not null,   -- as the API shows it
    primary key (dataset_id, segment)
);
