-- Requests that carried an Idempotency-Key, and the answers they got. Kept for a day.
create table idempotent_request (
    owner text not null,             -- name of the API key that it came with, empty without
    dataset text not null,           -- key of the dataset in its path, empty without
    key text collate "C" not null,
    head bytea not null,             -- digest of method, path, query and kind of body
    attempt uuid not null,           -- who works on it: an older attempt can't answer for it any more
    heartbeat_at timestamptz not null default now(),
    expires_at timestamptz not null default now() + interval '1 day',
    body bytea,                      -- digest of the body; null until it is answered, as is what follows
    status int,
    location text,
    content_type text,
    answer bytea,
    primary key (owner, dataset, key)
);
create index idempotent_request_expiry on idempotent_request (expires_at);

-- What was answered about a dataset means nothing to another of the same key.
create function forget_requests_of_dataset() returns trigger language plpgsql as $$
begin
    delete from idempotent_request where dataset = old.key;
    return null;
end $$;
create trigger requests_go_with_their_dataset after delete on dataset
    for each row execute function forget_requests_of_dataset();
