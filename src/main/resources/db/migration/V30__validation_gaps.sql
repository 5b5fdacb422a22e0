-- Whom a missing feature kept out of a validation, as runs and selections say it.
alter table validation
    add missing json,                    -- for how many customers a feature is missing, by feature
    add excluded bigint;                 -- customers left out for that
