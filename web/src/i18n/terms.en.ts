import type { Term, TermName } from "../state/terms";

export const termsEn: Readonly<Record<TermName, Term>> = {
  homes: {
    is: "How many homes stand in an area, against the number that the rule of its level wants.",
    part: "homes in the area",
    of: "the target for as many areas",
  },
  over_ceiling: {
    is: "Areas with more homes than the rule allows: they should be divided.",
    part: "areas with more homes than the ceiling",
    of: "all areas of the level",
  },
  under_floor: {
    is: "Areas with fewer homes than the rule wants: they could be merged.",
    part: "areas with fewer homes than the floor",
    of: "all areas of the level",
  },
  without_leader: {
    is: "Areas in which nobody holds the post that is responsible at this level. The level above is responsible meanwhile, so a question there still has an answer.",
    part: "areas with that post vacant",
    of: "all areas of the level",
  },
  lacking_roles: {
    is: "Areas in which at least one post is vacant that the rule of the level requires.",
    part: "areas that lack a required post",
    of: "all areas of the level",
  },
  without_grid: {
    is: "Homes that stand in the area, but in none of the areas below it.",
    part: "homes in no area of the level below",
    of: "homes in the area",
  },
  uncovered: {
    is: "Land of the area that no area of the level below covers.",
    part: "land that is not covered, by area",
    of: "all land of the area",
  },
  overlap: {
    is: "Land that two areas of the level below cover at once.",
    part: "land that is covered twice, by area",
    of: "all land of the area",
  },
  incidents: {
    is: "Incidents reported in the days shown, for every 100 homes. An area with few homes has a high rate after few incidents: look at the count beside it.",
    part: "incidents reported",
    of: "homes; the result times 100",
  },
  incident_count: {
    is: "Incidents reported in the days shown. Where more homes are, there are more of them: look at the rate beside it.",
    part: "incidents reported",
    of: "homes",
  },
  incidents_smoothed: {
    is: "The rate drawn towards that of all areas shown, the more the fewer homes it is of (global empirical Bayes, Marshall 1991). What chance alone can explain is evened out.",
    part: "incidents reported",
    of: "homes; the result times 100, and smoothed",
  },
  change: {
    is: "Incidents of the days shown less those of the days that are compared with, for every 100 homes. Both are of the homes of today. The classes of more and of less are equally wide.",
    part: "incidents now less those before",
    of: "homes; the result times 100",
  },
  resolved: {
    is: "The share of incidents that are resolved by now.",
    part: "incidents resolved",
    of: "incidents reported",
  },
  closed: {
    is: "At which level incidents were resolved. What the village resolves did not have to go to the township.",
    part: "incidents resolved at that level",
    of: "all incidents reported",
  },
  week: {
    is: "Incidents reported from the Monday to the Sunday of the week that is played.",
    part: "incidents of the week",
    of: "homes",
  },
  heat: {
    is: "Where incidents lie close together, whatever areas they are in. It has no numbers: more homes in a place make it hotter, too.",
  },
  rank: {
    is: "Areas in the order of the column that is marked; press another heading to sort by it. Values that are not known come last.",
  },
  parts: { is: "The two numbers that a value is made of: what is counted, and out of how many." },
  target: { is: "Limits that the region's own rule sets: floor, target and ceiling of the homes in one area." },
  quantile: { is: "Each class has about as many areas as every other." },
  equal: { is: "The limits are equally far apart, from the least value to the greatest." },
  natural: { is: "The limits lie where the values leave gaps, so that those within a class are alike (Jenks)." },
  manual: { is: "Limits that you type in." },
  withheld: {
    is: "Counts under 5, 0 among them, and those by which one could be worked out, are not shown to the public, to protect privacy. Withheld may be 0 or more.",
  },
  unknown: { is: "There is no data by which it could be counted." },
  nothing: { is: "There is nothing out of which to count: a share of no incidents, say." },
  certain: { is: "Within the accuracy of the coordinate there is no other area." },
  uncertain: {
    is: "The edge of the area is nearer than the coordinate is accurate, so a neighbour may be meant. Those within reach are listed, the nearest first.",
  },
  accuracy: {
    is: "By how many metres the coordinate may be off. A phone says so itself; a surveyed coordinate is exact.",
  },
  chain: {
    is: "Who is responsible at each level, from the bottom up. The lowest who is on duty is named first. Where a post is vacant its deputy is responsible; without one, the level above; at the top, the office that the region names.",
  },
};
