-- What differs between two generations is read when one follows the other: only the rows that begin or end between them.
create index grid_by_since on grid (region_code, since_generation);
create index grid_by_until on grid (region_code, until_generation) where until_generation is not null;
