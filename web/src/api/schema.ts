// The API as the server describes it at /api/openapi. Written by `make api-types`; do not edit.

export interface paths {
    "/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The landing page */
        get: operations["landing"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/basemaps": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The maps offered to lay under the ground */
        get: operations["basemaps"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/collections": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The collections */
        get: operations["collections"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/collections/duties": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Duties */
        get: operations["describe_duties"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/collections/duties/items": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who answers for which ground, in which role, from when to when */
        get: operations["list_duties"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/collections/duties/items/{featureId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One feature */
        get: operations["get_duties"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/collections/grids": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Grids */
        get: operations["describe_grids"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/collections/grids/items": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The ground: every grid of every level, from the county down to the groups of homes */
        get: operations["list_grids"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/collections/grids/items/{featureId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One feature */
        get: operations["get_grids"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/collections/grids/tiles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The tilesets */
        get: operations["tilesets_grids"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/collections/grids/tiles/WebMercatorQuad": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The tileset and where its tiles are */
        get: operations["tileset_grids"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/collections/grids/tiles/WebMercatorQuad/{tileMatrix}/{tileRow}/{tileCol}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One vector tile */
        get: operations["tile_grids"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/collections/holders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Holders */
        get: operations["describe_holders"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/collections/holders/items": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Persons and bodies who answer. Their telephones are not shown to the public */
        get: operations["list_holders"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/collections/holders/items/{featureId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One feature */
        get: operations["get_holders"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/collections/households": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Households */
        get: operations["describe_households"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/collections/households/items": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Homes: points with a size. Not shown to the public */
        get: operations["list_households"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/collections/households/items/{featureId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One feature */
        get: operations["get_households"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/collections/households/tiles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The tilesets */
        get: operations["tilesets_households"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/collections/households/tiles/WebMercatorQuad": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The tileset and where its tiles are */
        get: operations["tileset_households"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/collections/households/tiles/WebMercatorQuad/{tileMatrix}/{tileRow}/{tileCol}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One vector tile */
        get: operations["tile_households"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/collections/incidents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Incidents */
        get: operations["describe_incidents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/collections/incidents/items": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Disputes, hazards, unrest signs and requests. Not shown to the public, which is told how many there are, where they are not few */
        get: operations["list_incidents"];
        put?: never;
        /** Stores a new one */
        post: operations["create_incidents"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/collections/incidents/items/{featureId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One feature */
        get: operations["get_incidents"];
        /**
         * Replaces it
         * @description Its steps and the times of them may be repeated, but not changed: steps are added.
         */
        put: operations["replace_incidents"];
        post?: never;
        /** Removes it */
        delete: operations["delete_incidents"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/collections/incidents/tiles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The tilesets */
        get: operations["tilesets_incidents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/collections/incidents/tiles/WebMercatorQuad": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The tileset and where its tiles are */
        get: operations["tileset_incidents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/collections/incidents/tiles/WebMercatorQuad/{tileMatrix}/{tileRow}/{tileCol}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One vector tile */
        get: operations["tile_incidents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/collections/service_points": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Service points */
        get: operations["describe_service_points"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/collections/service_points/items": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Places where help is found: court stations, contact points */
        get: operations["list_service_points"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/collections/service_points/items/{featureId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One feature */
        get: operations["get_service_points"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/conformance": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What the API conforms to */
        get: operations["conformance"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/coverage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How well the grids of one level cover their parent */
        get: operations["coverage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/hotspots": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Where incidents gather, by grid, week and point */
        get: operations["hotspots"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/incidents/{id}/steps": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What was done about the incident, in the order it was recorded */
        get: operations["list_steps"];
        put?: never;
        /** Adds a step; none is changed or taken away */
        post: operations["add_step"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/incidents/{id}/steps/{number}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One step */
        get: operations["get_step"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/locate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who answers for one point
         * @description Borders and points are rounded to 1e-7 degree (about 1 cm) before it is asked which side a point lies on.
         */
        get: operations["locate"];
        put?: never;
        /**
         * Who answers for up to a million points
         * @description Borders and points are rounded to 1e-7 degree (about 1 cm) before it is asked which side a point lies on. The answer comes row by row in the form and order of the body. A row that cannot be answered has its error in its place, and `status` refused; only a body without one good row is a 400. An Arrow file is read as the stream in it. Parquet is not taken: it is read from its end.
         */
        post: operations["locate_many"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/region": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The region: levels, roles, totals */
        get: operations["region"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Grids by name, and those who answer for them */
        get: operations["search"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tileMatrixSets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How the world is cut into tiles */
        get: operations["matrix_sets"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tileMatrixSets/WebMercatorQuad": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Sizes and scales of every zoom */
        get: operations["matrix_set"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        Answer: {
            /** @description Where it is not certain every grid that the accuracy reaches, the nearest first, some of `n_candidates`. */
            candidates: components["schemas"]["Candidate"][];
            /** @description Whether the stated accuracy of the position stays inside the edge; true where none is stated. */
            certain: boolean;
            /** @description From the bottom level up. */
            chain: components["schemas"]["ChainLink"][];
            /** @description The nearest edge of the lowest grid; null where nothing covers the place. */
            edge: components["schemas"]["Edge"] | null;
            generation: number;
            /** @description From the top down; empty where nothing covers the place. */
            grids: components["schemas"]["GridName"][];
            /** @description The nearest first. */
            mediators: components["schemas"]["Mediator"][];
            n_candidates: number;
            nearest: components["schemas"]["Nearest"] | null;
            position: components["schemas"]["Position"];
            revision: number;
        };
        AnsweredRow: {
            /** @description Where it is not certain every grid that the accuracy reaches, the nearest first, some of `n_candidates`. */
            candidates: components["schemas"]["Candidate"][];
            /** @description Whether the stated accuracy of the position stays inside the edge; true where none is stated. */
            certain: boolean;
            /** @description From the bottom level up. */
            chain: components["schemas"]["ChainLink"][];
            /** @description The nearest edge of the lowest grid; null where nothing covers the place. */
            edge: components["schemas"]["Edge"] | null;
            generation: number;
            /** @description From the top down; empty where nothing covers the place. */
            grids: components["schemas"]["GridName"][];
            /** @description As it came. */
            id?: unknown;
            /** @description The nearest first. */
            mediators: components["schemas"]["Mediator"][];
            n_candidates: number;
            nearest: components["schemas"]["Nearest"] | null;
            position: components["schemas"]["Position"];
            revision: number;
            /** @enum {string} */
            status: "located" | "outside";
        };
        /** @description The answer to one row of many, or why there is none. */
        AnswerRow: components["schemas"]["AnsweredRow"] | components["schemas"]["RefusedRow"];
        Basemap: {
            /** @description The approval number of a map published in China. */
            approval: string | null;
            attribution: string;
            /** @enum {string} */
            frame: "wgs84" | "gcj02";
            id: string;
            /** @enum {string} */
            kind: "style" | "raster" | "wmts";
            max_zoom: number;
            names: components["schemas"]["Names"];
            /** @description Pixels along a tile. */
            tile_size: number;
            url: string;
        };
        Basemaps: {
            basemaps: components["schemas"]["Basemap"][];
        };
        BoundingBox: {
            crs: string;
            lowerLeft: number[];
            upperRight: number[];
        };
        /** @description A grid the true position may lie in. */
        Candidate: {
            /** @description The grids that hold it, from the top down. */
            above: components["schemas"]["GridName"][];
            code: string;
            distance_m: number;
            id: string;
            level: string;
            name: string | null;
            /** @description Who is responsible there: of its chain the lowest who holds a duty. */
            responsible: components["schemas"]["ChainLink"] | null;
        };
        /** @description Who answers at one level. */
        ChainLink: {
            holder: components["schemas"]["Named"];
            how: string;
            level: string;
            role: string;
            why: string;
        };
        Collection: {
            crs: string[];
            description: string;
            /** @description Where its features lie; left out before there is ground. */
            extent?: components["schemas"]["Extent"];
            id: string;
            itemType: string;
            links: components["schemas"]["Link"][];
            title: string;
            "x-geometry": string;
        };
        Collections: {
            collections: components["schemas"]["Collection"][];
            links: components["schemas"]["Link"][];
        };
        Conformance: {
            conformsTo: string[];
        };
        /** @description How well the grids of one level cover their parent. */
        Coverage: {
            /** Format: date-time */
            at: string;
            generation: number;
            household_target: components["schemas"]["Target"] | null;
            kind: string | null;
            level: string;
            /** @description Where it is not null, counts under it are withheld, and all others rounded down to a multiple of it. */
            minimum: number | null;
            parent: components["schemas"]["GridName"] | null;
            period: components["schemas"]["Period"] | null;
            /**
             * Format: date-time
             * @description When those counts were released; exact ones are of now.
             */
            released: string | null;
            required_roles: string[];
            revision: number;
            rows: components["schemas"]["CoverageRow"][];
            /** @description The codes of all levels, from the top down. */
            tiers: string[];
            total: components["schemas"]["CoverageTotal"];
        };
        /** @description The figures of one grid that were asked for. */
        CoverageRow: {
            area_m2: number;
            code: string;
            /** @description also closed_at_LEVEL for every level */
            figures: {
                homes?: components["schemas"]["Figure"];
                incidents?: components["schemas"]["Figure"];
                lacking_roles?: components["schemas"]["Figure"];
                over_ceiling?: components["schemas"]["Figure"];
                overlap?: components["schemas"]["Figure"];
                resolved?: components["schemas"]["Figure"];
                uncovered?: components["schemas"]["Figure"];
                under_floor?: components["schemas"]["Figure"];
                without_grid?: components["schemas"]["Figure"];
                without_leader?: components["schemas"]["Figure"];
            } & {
                [key: string]: components["schemas"]["Figure"];
            };
            id: string;
            missing_roles: string[];
            name: string | null;
            /** @description The id of the grid right above. */
            parent: string | null;
        };
        /** @description A row that holds every figure, whatever was asked for. */
        CoverageTotal: {
            area_m2: number;
            code: string;
            /** @description also closed_at_LEVEL for every level */
            figures: {
                homes: components["schemas"]["Figure"];
                incidents: components["schemas"]["Figure"];
                lacking_roles: components["schemas"]["Figure"];
                over_ceiling: components["schemas"]["Figure"];
                overlap: components["schemas"]["Figure"];
                resolved: components["schemas"]["Figure"];
                uncovered: components["schemas"]["Figure"];
                under_floor: components["schemas"]["Figure"];
                without_grid: components["schemas"]["Figure"];
                without_leader: components["schemas"]["Figure"];
            } & {
                [key: string]: components["schemas"]["Figure"];
            };
            id: string;
            missing_roles: string[];
            name: string | null;
            /** @description The id of the grid right above. */
            parent: string | null;
        };
        /** @description The edge nearest to a position, and who lies beyond it. */
        Edge: {
            distance_m: number;
            /** @description The grid beyond it; null on the outer border. */
            neighbour: components["schemas"]["GridName"] | null;
        };
        Extent: {
            spatial: components["schemas"]["SpatialExtent"];
        };
        /** @description Points on which a desk puts what it cannot place, such as the town hall: each holds more than `share` of all incidents, and at least `least`. */
        Fallback: {
            least: number;
            points: components["schemas"]["FallbackPoint"][];
            share: number;
        };
        /** @description What a point holds of all incidents. */
        FallbackPoint: {
            denominator: number | null;
            lat: number | null;
            lon: number | null;
            numerator: number | null;
            value: number | null;
            /** @description True where the caller may not know it. */
            withheld?: boolean;
        };
        /** @description What is wrong, with its place: a parameter, a header, a JSON pointer or a row. */
        Fault: {
            detail: string;
            header?: string;
            parameter?: string;
            pointer?: string;
            row?: number;
        };
        Feature: {
            geometry: {
                [key: string]: unknown;
            } | null;
            id?: string;
            links?: components["schemas"]["Link"][];
            properties: {
                [key: string]: unknown;
            } | null;
            /** @enum {string} */
            type: "Feature";
        };
        FeatureCollection: {
            features: components["schemas"]["Feature"][];
            links?: components["schemas"]["Link"][];
            /** @description How many features there are in all pages. */
            numberMatched?: number;
            numberReturned?: number;
            /**
             * Format: date-time
             * @description When the answer was made; an answer to points has none, nor any counts.
             */
            timeStamp?: string;
            /** @enum {string} */
            type: "FeatureCollection";
        };
        /** @description A rate; 0 of 0 has no value, an unknown or withheld one has no numbers. `incidents` are per 100 homes. */
        Figure: {
            denominator: number | null;
            numerator: number | null;
            value: number | null;
            /** @description True where the caller may not know it. */
            withheld?: boolean;
        };
        /** @description What was found, the best first. */
        Found: {
            grids: components["schemas"]["FoundGrid"][];
            /** @description Those who answer: none for callers who may not know their telephones. */
            holders: components["schemas"]["FoundHolder"][];
            revision: number;
        };
        /** @description A grid as answers name it. */
        FoundGrid: {
            /** @description The grids that hold it, from the top down. */
            above: components["schemas"]["GridName"][];
            code: string;
            id: string;
            level: string;
            name: string | null;
        };
        FoundHolder: {
            /** @description The grid of that duty; null where it has a polygon of its own. */
            grid: components["schemas"]["FoundGrid"] | null;
            id: string;
            name: string;
            phone: string | null;
            /** @description The role of the first duty that counts now; null where there is none. */
            role: string | null;
        };
        /** @description A grid as answers name it. */
        GridName: {
            code: string;
            id: string;
            level: string;
            name: string | null;
        };
        /** @description So many incidents at a point, which is null where the caller may not know it. */
        HotspotPoint: {
            lat: number | null;
            lon: number | null;
            n: number;
        };
        /** @description The incidents in one grid, for every hundred homes. */
        HotspotRow: {
            /** @description Reports by week, in the order of `weeks`; null where the caller may not know it. */
            by_week?: (number | null)[];
            code: string;
            /** @description What is made of the rate; where the caller may know every count of the rows. */
            estimate?: components["schemas"]["RateEstimate"];
            id: string;
            incidents: components["schemas"]["Figure"];
            lat?: number;
            lon?: number;
            name: string | null;
            /** @description The id of the grid right above. */
            parent: string | null;
        };
        /** @description Where incidents gather, by grid, week and point. */
        Hotspots: {
            /** Format: date-time */
            at: string;
            category: string | null;
            fallback: components["schemas"]["Fallback"];
            generation: number;
            kind: string | null;
            level: string;
            /** @description Where it is not null, counts under it are withheld, and all others rounded down to a multiple of it. */
            minimum: number | null;
            parent: components["schemas"]["GridName"] | null;
            period: components["schemas"]["Period"] | null;
            /** @description Single points, or the middles of grids where points are withheld; where they were asked for. */
            points?: components["schemas"]["HotspotPoint"][];
            /**
             * Format: date-time
             * @description When those counts were released; exact ones are of now.
             */
            released: string | null;
            revision: number;
            rows: components["schemas"]["HotspotRow"][];
            status: string | null;
            tier: string | null;
            total: components["schemas"]["HotspotRow"];
            /** @description The weeks of the series, where those were asked for. */
            weeks?: components["schemas"]["Week"][];
        };
        /** @description How many homes a grid of the level has. */
        HouseholdsPerGrid: {
            least: number | null;
            median: number | null;
            most: number | null;
            outside_target: components["schemas"]["OutsideTarget"] | null;
        };
        IncidentTotals: {
            kind: string;
            n_reported: number | null;
            n_resolved: number | null;
            period: components["schemas"]["Period"] | null;
            resolution: components["schemas"]["Resolution"] | null;
            /** @description How many were settled at each level. */
            resolved_by_tier: {
                [key: string]: number | null;
            };
        };
        LandingPage: {
            description: string;
            links: components["schemas"]["Link"][];
            title: string;
            /** @description Anyone may read everything, because the data is invented. */
            "x-open": boolean;
        };
        Level: {
            answers: string | null;
            code: string;
            depth: number;
            household_target: components["schemas"]["Target"] | null;
            households_per_grid: components["schemas"]["HouseholdsPerGrid"];
            n_grids: number;
            names: components["schemas"]["Names"];
            required_roles: string[];
        };
        /** @description A link of OGC API. */
        Link: {
            href: string;
            rel: string;
            /** @description Whether `href` has names in braces to be filled in. */
            templated?: boolean;
            title?: string;
            type: string;
        };
        ListedStep: {
            at: string;
            /** @description the id of the holder who took it */
            by?: string | null;
            /** @enum {string} */
            kind: "receive" | "register" | "assign" | "handle" | "supervise" | "resolve" | "rate" | "return_visit" | "archive";
        };
        /** @description A mediator who fits. */
        Mediator: {
            /** @description The committee the mediator belongs to. */
            body: components["schemas"]["Named"] | null;
            /** @description To the mediator's place, else to the body's; null where neither is known. */
            distance_m: number | null;
            id: string;
            name: string;
            /** @description Left out for whoever may not know it, where there is none, and in the answers to many points. */
            phone?: string | null;
            why: string;
        };
        Named: {
            id: string;
            name: string;
            /** @description Left out for whoever may not know it, where there is none, and in the answers to many points. */
            phone?: string | null;
        };
        /** @description A name in the languages of the page. */
        Names: {
            en: string;
            zh: string;
        };
        /** @description The grid that is nearest to a place that none covers. */
        Nearest: {
            distance_m: number;
            grid: components["schemas"]["GridName"];
        };
        NewIncident: {
            geometry: components["schemas"]["Point"];
            id?: (string | number) | null;
            properties: {
                archived_at?: (string) | null;
                assigned_at?: (string) | null;
                category?: string | null;
                /** @description worked out of the geometry; what a body says is passed over */
                grid?: unknown;
                handled_at?: (string) | null;
                id?: string | null;
                /** @enum {string} */
                kind: "dispute" | "hazard" | "unrest" | "request";
                /** @description worked out of the geometry; what a body says is passed over */
                lat?: unknown;
                /** @description worked out of the geometry; what a body says is passed over */
                lon?: unknown;
                rated_at?: (string) | null;
                registered_at?: (string) | null;
                reported_at?: (string) | null;
                resolved_at?: (string) | null;
                return_visit_at?: (string) | null;
                stated_grid?: string | null;
                /**
                 * @description as its steps say
                 * @enum {string|null}
                 */
                status?: "open" | "resolved" | null;
                /** @description what was done; the first of them by time is `receive` */
                steps?: components["schemas"]["ListedStep"][] | null;
                supervised_at?: (string) | null;
                text?: string | null;
                tier?: string | null;
            };
            /** @enum {string} */
            type: "Feature";
        };
        NewStep: {
            /** @description now where it is not given */
            at?: (string) | null;
            /** @description the id of the holder who took it */
            by?: string | null;
            /** @enum {string} */
            kind: "receive" | "register" | "assign" | "handle" | "supervise" | "resolve" | "rate" | "return_visit" | "archive";
        };
        /** @description How many grids have fewer or more homes than they should. */
        OutsideTarget: {
            n_over_ceiling: number;
            n_under_floor: number;
        };
        /** @description From when to when incidents were reported. */
        Period: {
            /** Format: date-time */
            from: string;
            /** Format: date-time */
            to: string;
        };
        Point: {
            /** @description longitude and latitude in WGS 84, perhaps a height, which is not kept; not 0, 0. Rounded to 1e-7 degree (about 1 cm) */
            coordinates: number[];
            /** @enum {string} */
            type: "Point";
        };
        PointCollection: {
            features: components["schemas"]["PointFeature"][];
            /** @enum {string} */
            type: "FeatureCollection";
        };
        PointFeature: {
            geometry: components["schemas"]["Point"];
            properties?: components["schemas"]["PointProperties"] | null;
            /** @enum {string} */
            type: "Feature";
        };
        /** @description What holds for one row, where it says otherwise than the query. */
        PointProperties: {
            accuracy_m?: number | null;
            category?: string | null;
        };
        /** @description One point that is asked about. */
        PointRow: {
            accuracy_m?: number | null;
            category?: string | null;
            /** @description Goes out with the answer as it came. */
            id?: unknown;
            lat: number;
            lon: number;
        };
        /** @description A place in WGS 84, in degrees. */
        Position: {
            lat: number;
            lon: number;
        };
        Problem: {
            detail?: string;
            /**
             * Format: date-time
             * @description From when there is data, as known at the time asked for.
             */
            earliest?: string;
            /** @description Every fault of the input. */
            errors?: components["schemas"]["Fault"][];
            status: number;
            title: string;
            /** @enum {string} */
            type: "/problems/unknown-parameter" | "/problems/invalid-parameter" | "/problems/invalid-body" | "/problems/personal-data" | "/problems/read-only" | "/problems/not-found" | "/problems/no-ground-then" | "/problems/method-not-allowed" | "/problems/not-acceptable" | "/problems/body-timeout" | "/problems/exists" | "/problems/stale" | "/problems/body-too-large" | "/problems/unsupported-media-type" | "/problems/key-reused" | "/problems/dangling" | "/problems/does-not-fit" | "/problems/version-required" | "/problems/internal" | "/problems/no-ground" | "/problems/unavailable" | "/problems/busy" | "/problems/timeout";
            /** @description The version that a change should have been made on. */
            version?: number;
        };
        /** @description How sure a rate is, and what it is likely to be in the long run, per 100 homes as the rate itself.  From `low` to `high` is its exact Poisson interval at `confidence` (Garwood 1936). `smoothed` is the global empirical Bayes rate among the rows (Marshall 1991): that of few homes is drawn towards the rate of all. */
        RateEstimate: {
            confidence: number;
            high: number;
            low: number;
            smoothed: number;
        };
        RefusedRow: {
            error: string;
            /** @description As it came. */
            id?: unknown;
            /** @description From 1. */
            row: number;
            /** @enum {string} */
            status: "refused";
        };
        Region: {
            /** @description West, south, east, north, in degrees. */
            bbox: number[] | null;
            code: string;
            /**
             * Format: date-time
             * @description When that revision was committed; null where that is not known now.
             */
            committed: string | null;
            generation: components["schemas"]["RegionGeneration"];
            households: components["schemas"]["RegionHouseholds"];
            incidents: components["schemas"]["IncidentTotals"][];
            /** @description From the top down. */
            levels: components["schemas"]["Level"][];
            names: components["schemas"]["Names"];
            /** @description Anyone may read everything, because the data is invented. */
            open: boolean;
            /**
             * Format: date-time
             * @description When the counts of homes and incidents were released, each rounded down to a multiple of five; null where they are exact and of now.
             */
            released: string | null;
            revision: number;
            roles: components["schemas"]["Role"][];
            /** @description How many of each kind. */
            service_points: {
                [key: string]: number;
            };
            utc_offset: string;
        };
        /** @description The ground that the numbers are of. */
        RegionGeneration: {
            /** Format: date-time */
            in_force: string;
            n_acknowledged_gaps: number;
            number: number;
            plan: string;
            /** Format: date-time */
            recorded: string;
        };
        /** @description Homes inside and outside every grid. */
        RegionHouseholds: {
            n_inside: number;
            n_outside: number | null;
        };
        /** @description Incidents that were settled of those reported. */
        Resolution: {
            denominator: number;
            numerator: number;
            percent: number;
        };
        Role: {
            code: string;
            n_grids: number;
            n_holders: number;
            names: components["schemas"]["Names"];
        };
        SpatialExtent: {
            /** @description West, south, east, north, in degrees. */
            bbox: number[][];
            crs: string;
        };
        Step: {
            actor: string | null;
            /** Format: date-time */
            at: string;
            /** @description The id of the holder who took it. */
            by: string | null;
            /** @enum {string} */
            kind: "receive" | "register" | "assign" | "handle" | "supervise" | "resolve" | "rate" | "return_visit" | "archive";
            /** @description In the order the steps were recorded. */
            number: number;
            /** Format: date-time */
            recorded: string | null;
        };
        /** @description The steps of one incident. */
        Steps: {
            steps: components["schemas"]["Step"][];
        };
        /** @description How many homes a grid of a level should have. */
        Target: {
            ceiling: number;
            floor: number;
            target: number;
        };
        /** @description TileJSON 3.0. */
        TileJson: {
            /** @description West, south, east, north, in degrees; null where there is nothing. */
            bounds: number[] | null;
            description: string;
            maxzoom: number;
            minzoom: number;
            name: string;
            scheme: string;
            tilejson: string;
            /** @description The addresses of tiles, with `{z}`, `{y}` and `{x}` to be filled in. */
            tiles: string[];
            vector_layers: components["schemas"]["VectorLayer"][];
        };
        /** @description One zoom. */
        TileMatrix: {
            /** @description Metres of a pixel. */
            cellSize: number;
            cornerOfOrigin: string;
            id: string;
            matrixHeight: number;
            matrixWidth: number;
            pointOfOrigin: number[];
            scaleDenominator: number;
            tileHeight: number;
            tileWidth: number;
        };
        TileMatrixSet: {
            crs: string;
            id: string;
            orderedAxes: string[];
            tileMatrices: components["schemas"]["TileMatrix"][];
            title: string;
            uri: string;
        };
        TileMatrixSetItem: {
            id: string;
            links: components["schemas"]["Link"][];
            title: string;
            uri: string;
        };
        TileMatrixSets: {
            tileMatrixSets: components["schemas"]["TileMatrixSetItem"][];
        };
        Tileset: {
            boundingBox: components["schemas"]["BoundingBox"] | null;
            crs: string;
            dataType: string;
            description: string;
            layers: components["schemas"]["TilesetLayer"][];
            links: components["schemas"]["Link"][];
            tileMatrixSetURI: string;
            title: string;
        };
        TilesetAnswer: components["schemas"]["Tileset"] | components["schemas"]["TileJson"];
        TilesetItem: {
            crs: string;
            dataType: string;
            links: components["schemas"]["Link"][];
            tileMatrixSetURI: string;
            title: string;
        };
        TilesetLayer: {
            dataType: string;
            id: string;
            maxTileMatrix: string;
            minTileMatrix: string;
        };
        Tilesets: {
            links: components["schemas"]["Link"][];
            tilesets: components["schemas"]["TilesetItem"][];
        };
        VectorLayer: {
            description: string;
            /** @description The types of the properties, by name. */
            fields: {
                [key: string]: string;
            };
            id: string;
            maxzoom: number;
            minzoom: number;
        };
        /** @description A week of ISO 8601 and its Monday. */
        Week: {
            /** Format: date */
            from: string;
            week: string;
        };
    };
    responses: {
        /** @description What went wrong, with every fault of the input */
        Problem: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    landing: {
        parameters: {
            query?: {
                /** @description the form of the answer, stronger than the Accept header */
                f?: "json" | "html";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The landing page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LandingPage"];
                    "text/html": string;
                };
            };
            400: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    basemaps: {
        parameters: {
            query?: {
                /** @description the form of the answer: there is one */
                f?: "json";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The maps offered to lay under the ground */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Basemaps"];
                };
            };
            400: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    collections: {
        parameters: {
            query?: {
                /** @description the form of the answer: there is one */
                f?: "json";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The collections */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Collections"];
                };
            };
            400: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    describe_duties: {
        parameters: {
            query?: {
                /** @description the form of the answer: there is one */
                f?: "json";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Duties */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Collection"];
                };
            };
            400: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    list_duties: {
        parameters: {
            query?: {
                /** @description the next page: features with an id after this one */
                after?: string;
                /** @description a box in degrees, west,south,east,north, or six numbers with heights */
                bbox?: number[] & (unknown | unknown);
                /** @description while the duty counts; an interval begins before it ends */
                datetime?: string;
                /** @description the form of the answer, stronger than the Accept header */
                f?: "json" | "geojson" | "csv";
                /** @description the code of a grid of any level: what stands in it or below it */
                grid?: string;
                /** @description the id of the holder */
                holder?: string;
                /** @description the most features in the answer; larger numbers are taken as the maximum */
                limit?: number;
                /** @description the code of a role of the region */
                role?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Who answers for which ground, in which role, from when to when */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/geo+json": components["schemas"]["FeatureCollection"];
                    "text/csv": string;
                };
            };
            /** @description Nothing has changed since the ETag in If-None-Match */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    get_duties: {
        parameters: {
            query?: {
                /** @description the form of the answer: there is one */
                f?: "json";
            };
            header?: never;
            path: {
                featureId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One feature */
            200: {
                headers: {
                    /** @description the version */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/geo+json": components["schemas"]["Feature"];
                };
            };
            /** @description Nothing has changed since the ETag in If-None-Match */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    describe_grids: {
        parameters: {
            query?: {
                /** @description the form of the answer: there is one */
                f?: "json";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Grids */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Collection"];
                };
            };
            400: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    list_grids: {
        parameters: {
            query?: {
                /** @description the next page: features with an id after this one */
                after?: string;
                /** @description the ground in force at this instant, or at the start of this day */
                at?: string;
                /** @description a box in degrees, west,south,east,north, or six numbers with heights */
                bbox?: number[] & (unknown | unknown);
                /** @description the official code */
                code?: string;
                /** @description has no meaning here and changes nothing; an interval begins before it ends */
                datetime?: string;
                /** @description the form of the answer, stronger than the Accept header */
                f?: "json" | "geojson" | "csv";
                /** @description as it was known at this instant, or at the end of this day */
                known_at?: string;
                /** @description the code of a level, for instance village */
                level?: string;
                /** @description the most features in the answer; larger numbers are taken as the maximum */
                limit?: number;
                /** @description the whole name */
                name?: string;
                /** @description the code of the grid right above */
                parent?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The ground: every grid of every level, from the county down to the groups of homes */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/geo+json": components["schemas"]["FeatureCollection"];
                    "text/csv": string;
                };
            };
            /** @description Nothing has changed since the ETag in If-None-Match */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    get_grids: {
        parameters: {
            query?: {
                /** @description the ground in force at this instant, or at the start of this day */
                at?: string;
                /** @description the form of the answer: there is one */
                f?: "json";
                /** @description as it was known at this instant, or at the end of this day */
                known_at?: string;
            };
            header?: never;
            path: {
                featureId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One feature */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/geo+json": components["schemas"]["Feature"];
                };
            };
            /** @description Nothing has changed since the ETag in If-None-Match */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    tilesets_grids: {
        parameters: {
            query?: {
                /** @description the form of the answer: there is one */
                f?: "json";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The tilesets */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tilesets"];
                };
            };
            400: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    tileset_grids: {
        parameters: {
            query?: {
                /** @description the tileset's description, or TileJSON */
                f?: "json" | "tilejson";
                /** @description the one layer to draw; all levels when left out */
                level?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The tileset and where its tiles are */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TilesetAnswer"];
                };
            };
            400: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    tile_grids: {
        parameters: {
            query?: {
                /** @description the form: there is one */
                f?: "mvt";
                /** @description the one layer to draw; all levels when left out */
                level?: string;
                /** @description as TileJSON names it: a tile of the current one is kept for ever */
                revision?: string;
            };
            header?: never;
            path: {
                tileCol: number;
                tileMatrix: number;
                tileRow: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One vector tile */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/vnd.mapbox-vector-tile": string;
                };
            };
            /** @description Nothing lies in this tile */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Nothing has changed since the ETag in If-None-Match */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    describe_holders: {
        parameters: {
            query?: {
                /** @description the form of the answer: there is one */
                f?: "json";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Holders */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Collection"];
                };
            };
            400: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    list_holders: {
        parameters: {
            query?: {
                /** @description the next page: features with an id after this one */
                after?: string;
                /** @description a box in degrees, west,south,east,north, or six numbers with heights */
                bbox?: number[] & (unknown | unknown);
                /** @description the id of the body they belong to */
                body?: string;
                /** @description has no meaning here and changes nothing; an interval begins before it ends */
                datetime?: string;
                /** @description the form of the answer, stronger than the Accept header */
                f?: "json" | "geojson" | "csv";
                /** @description a person or a body */
                kind?: "person" | "body";
                /** @description the most features in the answer; larger numbers are taken as the maximum */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Persons and bodies who answer. Their telephones are not shown to the public */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/geo+json": components["schemas"]["FeatureCollection"];
                    "text/csv": string;
                };
            };
            /** @description Nothing has changed since the ETag in If-None-Match */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    get_holders: {
        parameters: {
            query?: {
                /** @description the form of the answer: there is one */
                f?: "json";
            };
            header?: never;
            path: {
                featureId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One feature */
            200: {
                headers: {
                    /** @description the version */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/geo+json": components["schemas"]["Feature"];
                };
            };
            /** @description Nothing has changed since the ETag in If-None-Match */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    describe_households: {
        parameters: {
            query?: {
                /** @description the form of the answer: there is one */
                f?: "json";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Households */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Collection"];
                };
            };
            400: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    list_households: {
        parameters: {
            query?: {
                /** @description the next page: features with an id after this one */
                after?: string;
                /** @description a box in degrees, west,south,east,north, or six numbers with heights */
                bbox?: number[] & (unknown | unknown);
                /** @description has no meaning here and changes nothing; an interval begins before it ends */
                datetime?: string;
                /** @description the form of the answer, stronger than the Accept header */
                f?: "json" | "geojson" | "csv";
                /** @description the code of a grid of any level: what stands in it or below it */
                grid?: string;
                /** @description the most features in the answer; larger numbers are taken as the maximum */
                limit?: number;
                /** @description the code of the grid that the source states */
                stated_grid?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Homes: points with a size. Not shown to the public */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/geo+json": components["schemas"]["FeatureCollection"];
                    "text/csv": string;
                };
            };
            /** @description Nothing has changed since the ETag in If-None-Match */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    get_households: {
        parameters: {
            query?: {
                /** @description the form of the answer: there is one */
                f?: "json";
            };
            header?: never;
            path: {
                featureId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One feature */
            200: {
                headers: {
                    /** @description the version */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/geo+json": components["schemas"]["Feature"];
                };
            };
            /** @description Nothing has changed since the ETag in If-None-Match */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    tilesets_households: {
        parameters: {
            query?: {
                /** @description the form of the answer: there is one */
                f?: "json";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The tilesets */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tilesets"];
                };
            };
            400: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    tileset_households: {
        parameters: {
            query?: {
                /** @description the tileset's description, or TileJSON */
                f?: "json" | "tilejson";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The tileset and where its tiles are */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TilesetAnswer"];
                };
            };
            400: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    tile_households: {
        parameters: {
            query?: {
                /** @description the form: there is one */
                f?: "mvt";
                /** @description as TileJSON names it: a tile of the current one is kept for ever */
                revision?: string;
            };
            header?: never;
            path: {
                tileCol: number;
                tileMatrix: number;
                tileRow: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One vector tile */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/vnd.mapbox-vector-tile": string;
                };
            };
            /** @description Nothing lies in this tile */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Nothing has changed since the ETag in If-None-Match */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    describe_incidents: {
        parameters: {
            query?: {
                /** @description the form of the answer: there is one */
                f?: "json";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Incidents */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Collection"];
                };
            };
            400: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    list_incidents: {
        parameters: {
            query?: {
                /** @description the next page: features with an id after this one */
                after?: string;
                /** @description a box in degrees, west,south,east,north, or six numbers with heights */
                bbox?: number[] & (unknown | unknown);
                /** @description a word of the region's category tree */
                category?: string;
                /** @description when the incident was reported; an interval begins before it ends */
                datetime?: string;
                /** @description the form of the answer, stronger than the Accept header */
                f?: "json" | "geojson" | "csv";
                /** @description the code of a grid of any level: what stands in it or below it */
                grid?: string;
                /** @description what it is */
                kind?: "dispute" | "hazard" | "unrest" | "request";
                /** @description the most features in the answer; larger numbers are taken as the maximum */
                limit?: number;
                /** @description the code of the grid that the source states */
                stated_grid?: string;
                /** @description whether it is settled */
                status?: "open" | "resolved";
                /** @description the code of the level that settles it */
                tier?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Disputes, hazards, unrest signs and requests. Not shown to the public, which is told how many there are, where they are not few */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/geo+json": components["schemas"]["FeatureCollection"];
                    "text/csv": string;
                };
            };
            /** @description Nothing has changed since the ETag in If-None-Match */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    create_incidents: {
        parameters: {
            query?: never;
            header?: {
                /** @description a repeated request with the same key is stored once; another one with it is a 422 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/geo+json": components["schemas"]["NewIncident"];
            };
        };
        responses: {
            /** @description Stores a new one */
            201: {
                headers: {
                    /** @description the version */
                    ETag: string;
                    /** @description the address of what was stored */
                    Location: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/geo+json": components["schemas"]["Feature"];
                };
            };
            400: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    get_incidents: {
        parameters: {
            query?: {
                /** @description the form of the answer: there is one */
                f?: "json";
            };
            header?: never;
            path: {
                featureId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One feature */
            200: {
                headers: {
                    /** @description the version */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/geo+json": components["schemas"]["Feature"];
                };
            };
            /** @description Nothing has changed since the ETag in If-None-Match */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    replace_incidents: {
        parameters: {
            query?: never;
            header: {
                /** @description the ETag of the version the change was made on */
                "If-Match": string;
            };
            path: {
                featureId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/geo+json": components["schemas"]["NewIncident"];
            };
        };
        responses: {
            /** @description Replaces it */
            200: {
                headers: {
                    /** @description the version */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/geo+json": components["schemas"]["Feature"];
                };
            };
            400: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            428: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    delete_incidents: {
        parameters: {
            query?: never;
            header: {
                /** @description the ETag of the version the change was made on */
                "If-Match": string;
            };
            path: {
                featureId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Removes it */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            428: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    tilesets_incidents: {
        parameters: {
            query?: {
                /** @description the form of the answer: there is one */
                f?: "json";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The tilesets */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tilesets"];
                };
            };
            400: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    tileset_incidents: {
        parameters: {
            query?: {
                /** @description the tileset's description, or TileJSON */
                f?: "json" | "tilejson";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The tileset and where its tiles are */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TilesetAnswer"];
                };
            };
            400: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    tile_incidents: {
        parameters: {
            query?: {
                /** @description the form: there is one */
                f?: "mvt";
                /** @description as TileJSON names it: a tile of the current one is kept for ever */
                revision?: string;
            };
            header?: never;
            path: {
                tileCol: number;
                tileMatrix: number;
                tileRow: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One vector tile */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/vnd.mapbox-vector-tile": string;
                };
            };
            /** @description Nothing lies in this tile */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Nothing has changed since the ETag in If-None-Match */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    describe_service_points: {
        parameters: {
            query?: {
                /** @description the form of the answer: there is one */
                f?: "json";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Service points */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Collection"];
                };
            };
            400: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    list_service_points: {
        parameters: {
            query?: {
                /** @description the next page: features with an id after this one */
                after?: string;
                /** @description a box in degrees, west,south,east,north, or six numbers with heights */
                bbox?: number[] & (unknown | unknown);
                /** @description has no meaning here and changes nothing; an interval begins before it ends */
                datetime?: string;
                /** @description the form of the answer, stronger than the Accept header */
                f?: "json" | "geojson" | "csv";
                /** @description the code of a grid of any level: what stands in it or below it */
                grid?: string;
                /** @description a role code of the region */
                kind?: string;
                /** @description the most features in the answer; larger numbers are taken as the maximum */
                limit?: number;
                /** @description the code of the grid that the source states */
                stated_grid?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Places where help is found: court stations, contact points */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/geo+json": components["schemas"]["FeatureCollection"];
                    "text/csv": string;
                };
            };
            /** @description Nothing has changed since the ETag in If-None-Match */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    get_service_points: {
        parameters: {
            query?: {
                /** @description the form of the answer: there is one */
                f?: "json";
            };
            header?: never;
            path: {
                featureId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One feature */
            200: {
                headers: {
                    /** @description the version */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/geo+json": components["schemas"]["Feature"];
                };
            };
            /** @description Nothing has changed since the ETag in If-None-Match */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    conformance: {
        parameters: {
            query?: {
                /** @description the form of the answer: there is one */
                f?: "json";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What the API conforms to */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Conformance"];
                };
            };
            400: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    coverage: {
        parameters: {
            query?: {
                /** @description the ground in force at this instant, or at the start of this day */
                at?: string;
                /** @description when the incidents were reported; an interval begins before it ends */
                datetime?: string;
                /** @description the form of the answer, stronger than the Accept header */
                f?: "json" | "geojson" | "csv";
                /** @description which figures each row holds, each named once: homes, incidents, closed_at_village ...; all when left out. The total holds all in any case. A table has the columns of these alone */
                figures?: string[];
                /** @description what they are */
                kind?: "dispute" | "hazard" | "unrest" | "request";
                /** @description as it was known at this instant, or at the end of this day */
                known_at?: string;
                /** @description the level of the rows, one under the parent; the one right under it when left out */
                level?: string;
                /** @description the code of the grid whose parts the rows are; the whole region when left out */
                parent?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How well the grids of one level cover their parent */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Coverage"];
                    "text/csv": string;
                };
            };
            /** @description Nothing has changed since the ETag in If-None-Match */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    hotspots: {
        parameters: {
            query?: {
                /** @description the ground in force at this instant, or at the start of this day */
                at?: string;
                /** @description what is told beside the counts of grids: series by ISO week, single points */
                by?: ("week" | "point")[];
                /** @description a word of the region's category tree */
                category?: string;
                /** @description when the incidents were reported; an interval begins before it ends */
                datetime?: string;
                /** @description the form of the answer, stronger than the Accept header */
                f?: "json" | "geojson" | "csv";
                /** @description what they are */
                kind?: "dispute" | "hazard" | "unrest" | "request";
                /** @description as it was known at this instant, or at the end of this day */
                known_at?: string;
                /** @description the level of the rows, one under the parent; the one right under it when left out */
                level?: string;
                /** @description the code of the grid whose parts the rows are; the whole region when left out */
                parent?: string;
                /** @description whether they are settled */
                status?: "open" | "resolved";
                /** @description the code of the level that settles them */
                tier?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Where incidents gather, by grid, week and point */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Hotspots"];
                    "text/csv": string;
                };
            };
            /** @description Nothing has changed since the ETag in If-None-Match */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    list_steps: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was done about the incident, in the order it was recorded */
            200: {
                headers: {
                    /** @description the version */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Steps"];
                };
            };
            /** @description Nothing has changed since the ETag in If-None-Match */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    add_step: {
        parameters: {
            query?: never;
            header?: {
                /** @description a repeated request with the same key is stored once; another one with it is a 422 */
                "Idempotency-Key"?: string;
                /** @description the ETag of the version the change was made on */
                "If-Match"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewStep"];
            };
        };
        responses: {
            /** @description Adds a step; none is changed or taken away */
            201: {
                headers: {
                    /** @description the version */
                    ETag: string;
                    /** @description the address of what was stored */
                    Location: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Step"];
                };
            };
            400: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    get_step: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                number: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One step */
            200: {
                headers: {
                    /** @description the version */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Step"];
                };
            };
            /** @description Nothing has changed since the ETag in If-None-Match */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    locate: {
        parameters: {
            query: {
                /** @description how far the true position may be off, in metres */
                accuracy_m?: number;
                /** @description the ground in force at this instant, or at the start of this day */
                at?: string;
                /** @description the category of the incident, for the mediators */
                category?: string;
                /** @description wgs84, cgcs2000, gcj02, bd09 or EPSG:n, of which the coordinates are: degrees, or metres of a projected one */
                crs?: string;
                /** @description the form of the answer: there is one */
                f?: "json";
                /** @description as it was known at this instant, or at the end of this day */
                known_at?: string;
                /** @description latitude, or the second coordinate of `crs`; rounded to 1e-7 degree (about 1 cm) before anything is asked */
                lat: number;
                /** @description longitude, or the first coordinate of `crs`; rounded to 1e-7 degree (about 1 cm) before anything is asked */
                lon: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Who answers for one point */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Answer"];
                };
            };
            400: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    locate_many: {
        parameters: {
            query?: {
                /** @description how far the true position may be off, in metres */
                accuracy_m?: number;
                /** @description the ground in force at this instant, or at the start of this day */
                at?: string;
                /** @description the category of the incident, for the mediators */
                category?: string;
                /** @description wgs84, cgcs2000, gcj02, bd09 or EPSG:n, of which the coordinates are: degrees, or metres of a projected one */
                crs?: string;
                /** @description the form of the answer: there is one */
                f?: "json";
                /** @description as it was known at this instant, or at the end of this day */
                known_at?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/geo+json": components["schemas"]["PointCollection"];
                "application/json": components["schemas"]["PointRow"][];
                "application/vnd.apache.arrow.stream": string;
                "application/x-ndjson": string;
                "text/csv": string;
            };
        };
        responses: {
            /** @description Who answers for up to a million points */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/geo+json": components["schemas"]["FeatureCollection"];
                    "application/json": components["schemas"]["AnswerRow"][];
                    "application/vnd.apache.arrow.stream": string;
                    "application/x-ndjson": string;
                    "text/csv": string;
                };
            };
            400: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            408: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    region: {
        parameters: {
            query?: {
                /** @description the form of the answer: there is one */
                f?: "json";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The region: levels, roles, totals */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Region"];
                };
            };
            /** @description Nothing has changed since the ETag in If-None-Match */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    search: {
        parameters: {
            query: {
                /** @description the form of the answer: there is one */
                f?: "json";
                /** @description how many grids, and how many holders, at most */
                limit?: number;
                /** @description a code, a name, its pinyin or their initials; or several words, each of which is a name, a role or an area above; letters of any width, simplified or traditional */
                q: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Grids by name, and those who answer for them */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Found"];
                };
            };
            400: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    matrix_sets: {
        parameters: {
            query?: {
                /** @description the form of the answer: there is one */
                f?: "json";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How the world is cut into tiles */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TileMatrixSets"];
                };
            };
            400: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    matrix_set: {
        parameters: {
            query?: {
                /** @description the form of the answer: there is one */
                f?: "json";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Sizes and scales of every zoom */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TileMatrixSet"];
                };
            };
            400: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
}
