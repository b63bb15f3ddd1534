-- Which roles mediate is told by the region's own ladder from here on. Until now it was the two roles of these codes, so
-- a region that is stored already goes on as it was; `gridmap import region` tells it otherwise. An older program that
-- still runs passes over the new key.
update region
set ladder = replace(
    replace(ladder, '"code":"mediator",', '"code":"mediator","mediates":true,'),
    '"code":"mediation_committee",',
    '"code":"mediation_committee","mediates":true,'
);
