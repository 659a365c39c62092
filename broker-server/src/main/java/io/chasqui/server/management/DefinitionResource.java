package io.chasqui.server.management;

import io.chasqui.core.boot.Broker;
import io.chasqui.server.definitions.DefinitionExport;
import io.chasqui.server.definitions.DefinitionImport;
import io.chasqui.server.http.HttpRefusal;
import io.chasqui.server.http.Json;
import io.chasqui.server.http.Response;
import java.util.Map;

/**
 * All that is defined, as one file: {@code /definitions}, whole or of one virtual host. It is taken
 * as the body of a request, or as the part named {@code file} of a form, which browsers send.
 */
final class DefinitionResource {

    private static final String FORM_FIELD = "file";

    private final Broker broker;
    private final DefinitionExport export;

    DefinitionResource(Broker broker, String version) {
        this.broker = broker;
        this.export = new DefinitionExport(broker, version);
    }

    void mount(Api api) {
        api.get("/definitions", Need.ADMINISTRATOR, this::all);
        api.post("/definitions", Need.ADMINISTRATOR, this::importAll);
        api.get("/definitions/{vhost}", Need.ADMINISTRATOR, this::ofVhost);
        api.post("/definitions/{vhost}", Need.ADMINISTRATOR, this::importInto);
    }

    private Response all(Call call) {
        return asFile(call, Response.json(200, export.all()));
    }

    private Response ofVhost(Call call) throws HttpRefusal {
        if (broker.vhosts().find(call.vhost()) == null) {
            throw HttpRefusal.badRequest("vhost_not_found");
        }
        return asFile(call, Response.json(200, export.of(Vhosts.existing(broker, call))));
    }

    /** Browsers save it under the name asked for. */
    private static Response asFile(Call call, Response response) {
        return call.query("download")
                .map(name -> name.replaceAll("[^A-Za-z0-9._-]", "_"))
                .map(name -> response.with("content-disposition", "attachment; filename=" + name))
                .orElse(response);
    }

    private Response importAll(Call call) throws Exception {
        return Changes.done(broker, DefinitionImport.all(broker, document(call)));
    }

    private Response importInto(Call call) throws Exception {
        return Changes.done(
                broker,
                DefinitionImport.into(broker, Vhosts.toChange(broker, call), document(call)));
    }

    private static Map<String, Object> document(Call call) throws HttpRefusal {
        byte[] body = call.request().body();
        String type = call.request().header("Content-Type").orElse("");
        try {
            return Json.readObject(
                    FormData.isForm(type) ? FormData.part(type, body, FORM_FIELD) : body);
        } catch (HttpRefusal _) {
            throw HttpRefusal.badRequest("failed_to_parse_json");
        }
    }
}
