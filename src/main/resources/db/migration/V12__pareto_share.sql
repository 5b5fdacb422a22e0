-- The least part of a segment's customers that brings 80 % of its revenue.
alter table segment add column pareto_share double precision;
