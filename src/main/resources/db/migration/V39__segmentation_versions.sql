-- Every live change counts its segmentation's version up, while a run that is being published keeps the segmentation's row from being
-- deleted, for a minute perhaps. Each new state of the row then carried that lock along, and none could be swept away before the
-- run's transaction ended: after some thousand posts each spent most of its time on reading past them. A row of its own, which is
-- small and which nobody else locks, does not have the first and makes little of the second.
create table segmentation_version (
    segmentation_id bigint primary key,  -- no foreign key: the triggers below keep what it would
    version bigint not null              -- published states and live changes, counted
) with (fillfactor = 50);

insert into segmentation_version select id, version from segmentation;
alter table segmentation drop column version;

create function begin_version_of_segmentation() returns trigger language plpgsql as $$
begin
    insert into segmentation_version values (new.id, 0);
    return null;
end $$;
create trigger versions_come_with_their_segmentation after insert on segmentation
    for each row execute function begin_version_of_segmentation();

create function end_version_of_segmentation() returns trigger language plpgsql as $$
begin
    delete from segmentation_version where segmentation_id = old.id;
    return old;
end $$;
-- Before the row and all that hangs on it: who counts changes locks the version first, too.
create trigger versions_go_with_their_segmentation before delete on segmentation
    for each row execute function end_version_of_segmentation();
