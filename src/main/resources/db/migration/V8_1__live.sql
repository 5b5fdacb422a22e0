-- Published states and live changes of a segmentation, counted.
alter table segmentation add version bigint not null default 0;
update segmentation set version = 1 where current_run is not null;

alter table segmentation_run
    add live boolean not null default false,   -- whether its members follow what happens after it
    add version bigint;                        -- of the segmentation, as this run was published
update segmentation_run set version = 1 where status = 'completed';

-- A segment that the run did not find, into which live changes have brought somebody: noise, where there was none.
alter table segment add only_live boolean not null default false;

-- The segments of the current run of a live segmentation as they are now; segment keeps them as published.
create table live_segment (
    run_id bigint not null references segmentation_run on delete cascade,
    key text not null,
    size bigint not null,
    monetary numeric not null,     -- exact sum of the members' monetary values, each a double
    primary key (run_id, key)
) with (fillfactor = 50);

-- Whose purchases changed, by transaction: a run that did not see it when it read finds it here when it is published. Rows that
-- no unfinished run can miss are swept away.
create table purchase_change (
    dataset_id bigint not null,
    changed_by xid8 not null default pg_current_xact_id(),
    customers bigint[] not null
);
create index purchase_change_dataset on purchase_change (dataset_id);
