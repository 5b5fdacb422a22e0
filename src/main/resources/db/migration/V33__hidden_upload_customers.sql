-- Customers who become known to readers with a coming upload, counted while it is merged and while others make them known before
-- it, so that nobody counts them when it becomes visible.
alter table hidden_upload add unseen bigint not null default 0;
