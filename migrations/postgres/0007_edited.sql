-- Whether somebody has written the thing since an import did, so that a repeated import asks before it undoes that. What was
-- there before this is taken as imported: nobody noted who wrote it.
alter table household add column edited boolean not null default false;
alter table service_point add column edited boolean not null default false;
alter table incident add column edited boolean not null default false;
alter table holder add column edited boolean not null default false;
alter table duty add column edited boolean not null default false;
