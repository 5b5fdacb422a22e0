-- Uploads whose rows nobody may see: they are being merged, or they failed and are not cleared away yet.
create table hidden_upload (
    upload_id bigint primary key references upload on delete cascade,
    dataset_id bigint not null
);
-- One large upload of a dataset is merged at a time.
create unique index upload_merging on upload (dataset_id) where status = 'merging';

-- Rows of the later upload that the earlier one took from it, while the later one was hidden.
alter table upload_overlap add taken bigint not null default 0;

-- What each customer bought and returned, over all rows that can be seen; and with those of an upload that is coming. The upload
-- becomes visible at once for all its customers when it leaves hidden_upload: no row is written then.
create table customer_totals (
    customer_id bigint primary key,      -- of table customer; no foreign key, as for transaction
    dataset_id bigint not null,
    transactions bigint not null default 0,
    purchases bigint not null default 0,
    returns bigint not null default 0,
    orders bigint not null default 0,    -- distinct ones with a purchase; a purchase without an order is one of its own
    first_at timestamptz,
    last_at timestamptz,
    first_purchase_at timestamptz,
    last_purchase_at timestamptz,
    purchased numeric not null default 0,
    returned numeric not null default 0, -- absolute amounts
    coming_upload bigint,                -- null: nothing comes
    coming_transactions bigint,
    coming_purchases bigint,
    coming_returns bigint,
    coming_orders bigint,
    coming_first_at timestamptz,
    coming_last_at timestamptz,
    coming_first_purchase_at timestamptz,
    coming_last_purchase_at timestamptz,
    coming_purchased numeric,
    coming_returned numeric
) with (fillfactor = 70);
create index customer_totals_dataset on customer_totals using brin (dataset_id) with (pages_per_range = 32, autosummarize = on);

-- The totals that can be seen, of customers with a transaction or of none any more.
create view purchase_totals as
select customer_id, dataset_id,
    case when came then coming_transactions else transactions end as transactions,
    case when came then coming_purchases else purchases end as purchases,
    case when came then coming_returns else returns end as returns,
    case when came then coming_orders else orders end as orders,
    case when came then coming_first_at else first_at end as first_at,
    case when came then coming_last_at else last_at end as last_at,
    case when came then coming_first_purchase_at else first_purchase_at end as first_purchase_at,
    case when came then coming_last_purchase_at else last_purchase_at end as last_purchase_at,
    case when came then coming_purchased else purchased end as purchased,
    case when came then coming_returned else returned end as returned
from (select *, coming_upload is not null and coming_upload <> all (array(select upload_id from hidden_upload)) as came
    from customer_totals) kept;

insert into customer_totals (customer_id, dataset_id, transactions, purchases, returns, orders, first_at, last_at,
    first_purchase_at, last_purchase_at, purchased, returned)
select customer_id, dataset_id, count(*), count(*) filter (where kind = 1), count(*) filter (where kind = -1),
    count(distinct order_id) filter (where kind = 1) + count(*) filter (where kind = 1 and order_id is null),
    min(occurred_at), max(occurred_at), min(occurred_at) filter (where kind = 1), max(occurred_at) filter (where kind = 1),
    coalesce(sum(amount) filter (where kind = 1), 0), coalesce(sum(abs(amount)) filter (where kind = -1), 0)
from transaction group by customer_id, dataset_id;

create or replace function delete_transactions_of_dataset() returns trigger language plpgsql as $$
begin
    delete from transaction where dataset_id = old.id;
    delete from customer_totals where dataset_id = old.id;
    return null;
end $$;

-- Rows of uploads under way wait in files of the instance that receives them.
drop schema staging cascade;
