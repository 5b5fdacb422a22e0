-- The attributes of a dataset's customers, each with the type that its values have.
create table attribute (
    id bigint generated always as identity primary key,
    dataset_id bigint not null references dataset on delete cascade,
    name text collate "C" not null,
    type text not null check (type in ('number', 'text', 'boolean', 'date')),
    unique (dataset_id, name)
);

-- What customers' attributes are now: an object by the attribute's name. Numbers and booleans are JSON's own, dates are texts
-- (2024-01-31, 2024-01-31T08:26:00, local to the dataset), a missing value has no key. Who was named by an upload of attributes
-- that is not undone has a row, though it may be empty.
create table customer_attributes (
    customer_id bigint primary key,      -- of table customer; no foreign key, as for transaction
    dataset_id bigint not null,
    content jsonb not null
);
create index customer_attributes_dataset on customer_attributes
    using brin (dataset_id) with (pages_per_range = 32, autosummarize = on);

-- Which attributes an upload named.
create table upload_attribute (
    attribute_id bigint not null references attribute on delete cascade,
    upload_id bigint not null,           -- of table upload
    place bigint not null,               -- of the upload among those of attributes, in the order in which they were stored
    type text not null,                  -- as which the upload was read
    filled bigint not null,              -- values that are not missing
    primary key (attribute_id, upload_id)
);
create index upload_attribute_upload on upload_attribute (upload_id);
create sequence attribute_place;

-- What each upload said of each customer, so that it can be undone: as content above, but null where a value is missing.
create table attribute_change (
    customer_id bigint not null,
    place bigint not null,
    upload_id bigint not null,
    dataset_id bigint not null,
    content jsonb not null,
    primary key (customer_id, place)
);
create index attribute_change_upload on attribute_change (upload_id);
create index attribute_change_dataset on attribute_change
    using brin (dataset_id) with (pages_per_range = 32, autosummarize = on);

-- Later values take the place of earlier ones.
create aggregate attributes_merged (jsonb) (sfunc = jsonb_concat, stype = jsonb, initcond = '{}');

-- The value in another type; null if it does not fit.
create function attribute_value(value jsonb, type text) returns jsonb language sql stable parallel safe as $$
    select case type
        when 'text' then to_jsonb(value #>> '{}')
        when 'number' then case
            when jsonb_typeof(value) = 'number' then value
            when jsonb_typeof(value) = 'string' and value #>> '{}' ~ '^-?[0-9]{1,15}(\.[0-9]{1,30})?$'
                then to_jsonb(trim_scale((value #>> '{}')::numeric)) end
        when 'boolean' then case lower(value #>> '{}')
            when 'true' then 'true' when 'yes' then 'true' when '1' then 'true'
            when 'false' then 'false' when 'no' then 'false' when '0' then 'false' end ::jsonb
        when 'date' then case
            when jsonb_typeof(value) = 'string'
                and value #>> '{}' ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?)?$'
                and pg_input_is_valid(value #>> '{}', 'timestamp') then value end
    end
$$;

create function delete_attributes_of_dataset() returns trigger language plpgsql as $$
begin
    delete from attribute_change where dataset_id = old.id;
    delete from customer_attributes where dataset_id = old.id;
    return null;
end $$;
create trigger attributes_go_with_their_dataset after delete on dataset
    for each row execute function delete_attributes_of_dataset();
