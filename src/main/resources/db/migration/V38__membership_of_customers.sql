-- The rows of membership, for who asks for some customers: the endings of each are looked up in their index, whatever statistics say
-- of that table. Those know nothing of a large change's own endings, and by them each customer would be held against all of these.
-- ("offset 0" keeps the planner from making a join of it.)
create view membership_of_customers as
select id, segmentation_id, customer_id, since, from_run, until_run, customer, segment, previous, facts, member_values, reason
from stored_membership m
where not exists (
    select from membership_ending e
    where e.segmentation_id = m.segmentation_id and e.customer_id = m.customer_id and e.membership_id = m.id offset 0);
