-- What sets a segment apart: its profile name, a name that somebody gave it, distinguishing features, rule, reasons of noise.
alter table segment add column profile json;

-- From where on a customer of noise is a whale, bulk, dormant or new, to tell of those who come live.
alter table segmentation_run add column noise_limits json;
