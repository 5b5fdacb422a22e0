-- Why a customer of noise is in no cluster.
alter table stored_membership add column reason text collate "C";
create index membership_reason on stored_membership (segmentation_id, reason, customer)
    where until_run is null and reason is not null;

create or replace view membership as
select id, segmentation_id, customer_id, since, from_run, until_run, customer, segment, previous, facts, member_values, reason
from stored_membership m
where not exists (
    select from membership_ending e
    where e.segmentation_id = m.segmentation_id and e.customer_id = m.customer_id and e.membership_id = m.id);
