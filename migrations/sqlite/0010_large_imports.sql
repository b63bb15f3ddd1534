-- An import of very many things writes their boxes beforehand, in short transactions, under row numbers far beyond those in
-- use: nothing finds a box without its row. When the rows come, all in one transaction, their boxes are there already.
drop trigger household_box_insert;

create trigger household_box_insert after insert on household
when not exists (select 1 from household_box_rowid b where b.rowid = new.row_id) begin
    insert into household_box values (new.row_id, new.lon, new.lon, new.lat, new.lat);
end;

drop trigger service_point_box_insert;

create trigger service_point_box_insert after insert on service_point
when not exists (select 1 from service_point_box_rowid b where b.rowid = new.row_id) begin
    insert into service_point_box values (new.row_id, new.lon, new.lon, new.lat, new.lat);
end;

drop trigger incident_box_insert;

create trigger incident_box_insert after insert on incident
when not exists (select 1 from incident_box_rowid b where b.rowid = new.row_id) begin
    insert into incident_box values (new.row_id, new.lon, new.lon, new.lat, new.lat);
end;
