/** The description of the API for people: OpenAPI Explorer draws it from what the server says. */
import "openapi-explorer/dist/browser/openapi-explorer.min.js";
