-- What sets a segment apart: its profile name, a name that somebody gave it, distinguishing features, rule, reasons of noise.
alter table segment add column profile json;

-- Why a customer of noise is in no cluster.
alter table membership add column reason text collate "C";
create index membership_reason on membership (segmentation_id, reason, customer) where until_run is null and reason is not null;

-- From where on a customer of noise is a whale, bulk, dormant or new, to tell of those who come live.
alter table segmentation_run add column noise_limits json;
