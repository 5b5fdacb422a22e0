-- Memberships in a form that a million of them are written and listed in: the customer's id stands in the row, so that lists come
-- in its order from an index; what can be computed from the run (scores) or costs a check for each row (the foreign key) is gone.
alter table membership rename to membership_before;
alter index membership_current rename to membership_current_before;
alter index membership_segment rename to membership_segment_before;

create table membership (
    segmentation_id bigint not null,     -- no foreign key: the trigger below keeps what it would
    customer_id bigint not null,         -- of table customer, likewise
    since timestamptz not null,          -- when the customer came into this segment
    from_run int not null,
    until_run int,                       -- the first run that no longer holds it; null: current
    customer text collate "C" not null,  -- its id as the dataset knows it
    segment text collate "C" not null,
    previous text collate "C",           -- the segment before this one
    -- in the order of the run's features, as facts that do not age (for recency the local microsecond of the last purchase),
    -- so that a customer who did nothing keeps the row
    facts double precision[] not null,
    member_values double precision[]     -- what the method says of each member (probability, strength, …), by name order
);
insert into membership (segmentation_id, customer_id, since, from_run, until_run, customer, segment, previous, facts, member_values)
select m.segmentation_id, m.customer_id, m.since, m.from_run, m.until_run, c.customer_id, m.segment, m.previous, m.facts, m.member_values
from membership_before m join customer c on c.id = m.customer_id
order by m.segmentation_id, m.from_run, c.customer_id;
drop table membership_before;

create unique index membership_current on membership (segmentation_id, customer_id) where until_run is null;
create index membership_list on membership (segmentation_id, segment, customer) where until_run is null;
create index membership_history on membership (segmentation_id, until_run) where until_run is not null;

create function delete_memberships_of_segmentation() returns trigger language plpgsql as $$
begin
    delete from membership where segmentation_id = old.id and until_run is null;
    delete from membership where segmentation_id = old.id and until_run is not null;
    return null;
end $$;
-- Its name puts it behind the cascades, which wait for a publishing that is under way.
create trigger memberships_go_with_their_segmentation after delete on segmentation
    for each row execute function delete_memberships_of_segmentation();

-- Of which method a definition is, without reading the JSON at each look-up of a customer.
alter table segmentation add column method text generated always as (definition -> 'method' ->> 'name') stored;
