-- One file or batch of rows that was sent to a dataset.
create table upload (
    id bigint generated always as identity primary key,
    dataset_id bigint not null references dataset on delete cascade,
    status text not null default 'receiving' check (status in ('receiving', 'merging', 'completed', 'failed')),
    received_at timestamptz not null default now(),
    heartbeat_at timestamptz not null default now(),   -- while it is received and merged, every few seconds
    finished_at timestamptz,
    content json,      -- of a completed upload: what it brought; json, not jsonb, keeps the order of columns
    original_columns json,   -- of a completed upload: names of the columns of its rejected rows
    problem json       -- of a failed upload: why
);
create index upload_dataset on upload (dataset_id, id);

-- A later upload holds rows that an earlier one had brought already.
create table upload_overlap (
    upload_id bigint not null references upload on delete cascade,
    earlier_id bigint not null references upload on delete cascade,
    primary key (upload_id, earlier_id)
);
create index upload_overlap_earlier on upload_overlap (earlier_id);

create table upload_rejected_row (
    upload_id bigint not null references upload on delete cascade,
    row_number bigint not null,
    column_name text not null,   -- empty if the whole row is at fault
    code text not null,
    message text not null,
    fields text not null,        -- the original fields, a JSON array of texts
    primary key (upload_id, row_number)
);

-- One line of a purchase or a return. No foreign keys: they would cost as much as the rows themselves. Uploads and the trigger
-- below keep what they would.
create table transaction (
    dataset_id bigint not null,
    customer_id bigint not null,
    upload_id bigint not null,
    occurred_at timestamptz not null,
    identity uuid not null,       -- digest of the values (and of transaction_id, if there is one)
    occurrence int not null,      -- number among the equal rows of its upload, from 1
    kind smallint not null,       -- 1 purchase, -1 return, 0 neither
    quantity numeric,
    unit_price numeric,
    amount numeric not null,
    order_id text collate "C",
    product_id text collate "C",
    transaction_id text collate "C"
);
create unique index transaction_identity on transaction (customer_id, identity, occurrence);
create unique index transaction_given_id on transaction (dataset_id, transaction_id) where transaction_id is not null;
-- The rows of an upload lie together: a few kilobytes of ranges find them.
create index transaction_place on transaction using brin (dataset_id, upload_id) with (pages_per_range = 32, autosummarize = on);

create function delete_transactions_of_dataset() returns trigger language plpgsql as $$
begin
    delete from transaction where dataset_id = old.id;
    return null;
end $$;
-- Its name puts it behind the cascades, which wait for a merge that is under way.
create trigger transactions_go_with_their_dataset after delete on dataset
    for each row execute function delete_transactions_of_dataset();

-- Rows of uploads under way: unlogged tables of their own, dropped when the upload ends.
create schema staging;
