package io.chasqui.server.management;

import io.chasqui.core.boot.Broker;
import io.chasqui.core.definition.ParameterDefinition;
import io.chasqui.core.policy.Limit;
import io.chasqui.core.policy.PolicyRules;
import io.chasqui.core.vhost.Changed;
import io.chasqui.core.vhost.VirtualHost;
import io.chasqui.core.vhost.VirtualHostParameters;
import io.chasqui.server.definitions.JsonValues;
import io.chasqui.server.http.HttpRefusal;
import io.chasqui.server.http.Response;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Parameters of virtual hosts and of the whole broker: {@code /parameters}, {@code /global-parameters}. */
final class ParameterResource {

    private final Broker broker;

    ParameterResource(Broker broker) {
        this.broker = broker;
    }

    void mount(Api api) {
        api.get("/parameters", Need.POLICYMAKER, call -> listed(call, _ -> true));
        api.get("/parameters/{component}", Need.POLICYMAKER, call -> listed(call, of(call)));
        api.get("/parameters/{component}/{vhost}", Need.POLICYMAKER_VHOST, this::ofVhost);
        api.get("/parameters/{component}/{vhost}/{name}", Need.POLICYMAKER_VHOST, this::one);
        api.put("/parameters/{component}/{vhost}/{name}", Need.POLICYMAKER_VHOST, this::put);
        api.delete("/parameters/{component}/{vhost}/{name}", Need.POLICYMAKER_VHOST, this::delete);
        api.get("/global-parameters", Need.POLICYMAKER, this::globals);
        api.get("/global-parameters/{name}", Need.POLICYMAKER, this::global);
        api.put("/global-parameters/{name}", Need.POLICYMAKER, this::putGlobal);
        api.delete("/global-parameters/{name}", Need.POLICYMAKER, this::deleteGlobal);
    }

    private static Predicate<ParameterDefinition> of(Call call) {
        return parameter -> parameter.component().equals(call.parameter("component"));
    }

    private Response listed(Call call, Predicate<ParameterDefinition> meant) {
        List<Map<String, @Nullable Object>> all = new ArrayList<>();
        for (VirtualHost vhost : Vhosts.seen(broker, call)) {
            all.addAll(in(vhost, meant));
        }
        return Listing.all(call, all);
    }

    private Response ofVhost(Call call) throws HttpRefusal {
        return Listing.all(call, in(Vhosts.existing(broker, call), of(call)));
    }

    private static List<Map<String, @Nullable Object>> in(
            VirtualHost vhost, Predicate<ParameterDefinition> meant) {
        return vhost.parameters().all().stream()
                .filter(meant)
                .map(parameter -> described(vhost.name(), parameter))
                .toList();
    }

    private static Map<String, @Nullable Object> described(
            String vhost, ParameterDefinition parameter) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("value", JsonValues.json(parameter.value()));
        fields.put("vhost", vhost);
        fields.put("component", parameter.component());
        fields.put("name", parameter.name());
        return fields;
    }

    private ParameterDefinition existing(Call call) throws HttpRefusal {
        ParameterDefinition parameter =
                Vhosts.existing(broker, call)
                        .parameters()
                        .find(call.parameter("component"), call.name());
        if (parameter == null) {
            throw HttpRefusal.notFound();
        }
        return parameter;
    }

    private Response one(Call call) throws HttpRefusal {
        return Listing.one(call, described(call.vhost(), existing(call)));
    }

    private Response put(Call call) throws Exception {
        VirtualHost vhost = Vhosts.toChange(broker, call);
        Body body = call.body();
        body.require("value");
        String component = call.parameter("component");
        ParameterDefinition parameter =
                ParameterDefinition.of(component, call.name(), JsonValues.plain(body.get("value")));
        switch (component) {
            case VirtualHostParameters.LIMITS_COMPONENT ->
                    Limit.checkVirtualHost(parameter.table());
            case "policy" ->
                    throw HttpRefusal.badRequest("policies may not be set using this method");
            default -> throw PolicyRules.invalid(List.of("component " + component + " not found"));
        }
        Changed changed = vhost.parameters().set(parameter);
        return Changes.put(broker, changed.position(), changed.created());
    }

    private Response delete(Call call) throws Exception {
        ParameterDefinition known = existing(call);
        return Changes.done(
                broker,
                Vhosts.existing(broker, call).parameters().clear(known.component(), known.name()));
    }

    private Response globals(Call call) {
        return Listing.all(
                call,
                broker.administration().globalParameters().all().stream()
                        .map(ParameterResource::described)
                        .toList());
    }

    private static Map<String, @Nullable Object> described(ParameterDefinition parameter) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("name", parameter.name());
        fields.put("value", JsonValues.json(parameter.value()));
        return fields;
    }

    private ParameterDefinition existingGlobal(Call call) throws HttpRefusal {
        ParameterDefinition known = broker.administration().globalParameters().find(call.name());
        if (known == null) {
            throw HttpRefusal.notFound();
        }
        return known;
    }

    private Response global(Call call) throws HttpRefusal {
        return Listing.one(call, described(existingGlobal(call)));
    }

    private Response putGlobal(Call call) throws Exception {
        Body body = call.body();
        body.require("value");
        Changed changed =
                broker.administration()
                        .globalParameters()
                        .set(call.name(), JsonValues.plain(body.get("value")));
        return Changes.put(broker, changed.position(), changed.created());
    }

    private Response deleteGlobal(Call call) throws Exception {
        String name = existingGlobal(call).name();
        return Changes.done(broker, broker.administration().globalParameters().clear(name));
    }
}
