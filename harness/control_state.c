/* A served world as JSON. */
#include "harness/control.h"

#define DNS_PORT 53

static void put_endpoint(struct json *json, const char *key, const struct endpoint *endpoint)
{
    char buffer[ENDPOINT_TEXT_MAX];
    struct text text = text_in(buffer, sizeof buffer);
    endpoint_put(&text, endpoint);
    json_put_string(json, key, buffer);
}

static void put_name(struct json *json, const char *key, const struct name *name)
{
    char buffer[NAME_TEXT_MAX];
    editions_key(name, buffer);
    json_put_string(json, key, buffer);
}

void control_put_seat(struct json *json, const struct control *control, const struct seat *seat)
{
    for (size_t i = 0; i < seat->address_count; i++) {
        const struct endpoint simulated = {.address = seat->addresses[i], .port = DNS_PORT};
        struct endpoint real;
        if (!control->host.real_endpoint(control->host.context, &simulated, &real)) {
            continue;
        }
        json_begin_object(json, NULL);
        json_put_string(json, "name", seat->name);
        put_endpoint(json, "simulated", &simulated);
        put_endpoint(json, "real", &real);
        json_end(json);
    }
}

static void put_server(struct json *json, const struct scenario_server *server)
{
    char buffer[ADDRESS_TEXT_MAX];
    json_begin_object(json, NULL);
    put_name(json, "host", &server->host);
    json_begin_array(json, "addresses");
    for (size_t i = 0; i < server->address_count; i++) {
        struct text text = text_in(buffer, sizeof buffer);
        address_put(&text, &server->addresses[i]);
        json_put_string(json, NULL, buffer);
    }
    json_end(json);
    json_begin_array(json, "behaviours");
    for (size_t i = 0; i < server->behaviours.count; i++) {
        json_put_string(json, NULL, server->behaviours.items[i].row->name);
    }
    json_end(json);
    json_end(json);
}

static void put_zone(struct json *json, const struct control *control,
                     const struct scenario_zone *zone)
{
    char key[NAME_TEXT_MAX];
    editions_key(&zone->apex, key);
    json_begin_object(json, NULL);
    json_put_string(json, "zone", key);
    json_bool(json, "made", zone->made);
    json_bool(json, "changed", json_object_get(control->editions->edits.zones, key) != NULL);
    json_begin_array(json, "servers");
    for (size_t i = 0; i < zone->server_count; i++) {
        put_server(json, &zone->servers[i]);
    }
    json_end(json);
    json_end(json);
}

static void put_faults(struct json *json, const struct control *control)
{
    const struct scenario *now = control->editions->now;
    json_begin_array(json, "faults");
    for (size_t i = 0; i < now->fault_count; i++) {
        json_begin_object(json, NULL);
        json_put_string(json, "fault", now->faults[i].row->name);
        json_number(json, "hits", transit_fault_hits(control->editions->stage->transit, i));
        json_end(json);
    }
    json_end(json);
}

static void put_counters(struct json *json, const struct stage *stage)
{
    const struct resolver_counters *counters = resolver_counters(stage->resolver);
    json_begin_object(json, "counters");
    json_number(json, "client_queries", counters->client_queries);
    json_number(json, "cache_answers", counters->cache_answers);
    json_number(json, "upstream_queries", counters->upstream_queries);
    json_number(json, "upstream_timeouts", counters->upstream_timeouts);
    json_end(json);
}

void control_put_state(struct json *json, const struct control *control)
{
    const struct editions *editions = control->editions;
    const struct world *world = editions->stage->world;
    json_begin_object(json, NULL);
    json_put_string(json, "schema", "faultzone/state/1");
    json_put_string(json, "scenario", editions->file.id);
    json_hex(json, "seed", control->seed);
    put_endpoint(json, "resolver", &control->published);
    json_number(json, "clock_us", world->now / NS_PER_US);
    json_begin_array(json, "zones");
    for (size_t i = 0; i < editions->now->zone_count; i++) {
        put_zone(json, control, &editions->now->zones[i]);
    }
    json_end(json);
    put_faults(json, control);
    json_begin_array(json, "servers");
    for (size_t i = 0; i < world->seat_count; i++) {
        control_put_seat(json, control, &world->seats[i]);
    }
    json_end(json);
    put_counters(json, editions->stage);
    json_end(json);
}
