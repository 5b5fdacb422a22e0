-- What runs on further features need to be read: the values that text and boolean features have, in the order in which
-- memberships number them, an object by feature; and whom a missing feature kept out.
alter table segmentation_run
    add categories json,
    add missing json,                    -- for how many customers a feature is missing, by feature
    add excluded bigint;                 -- customers left out for that

alter table selection
    add missing json,
    add excluded bigint;
