package io.chasqui.server.management;

import io.chasqui.core.boot.Broker;
import io.chasqui.core.definition.PolicyDefinition;
import io.chasqui.core.definition.PolicyKind;
import io.chasqui.core.policy.PolicyRules;
import io.chasqui.core.vhost.Changed;
import io.chasqui.core.vhost.VirtualHost;
import io.chasqui.server.definitions.JsonValues;
import io.chasqui.server.http.HttpRefusal;
import io.chasqui.server.http.Response;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Policies of one kind: {@code /policies} or {@code /operator-policies}. */
final class PolicyResource {

    private final Broker broker;
    private final PolicyKind kind;

    PolicyResource(Broker broker, PolicyKind kind) {
        this.broker = broker;
        this.kind = kind;
    }

    void mount(Api api) {
        String path =
                switch (kind) {
                    case USER -> "/policies";
                    case OPERATOR -> "/operator-policies";
                };
        Need change =
                switch (kind) {
                    case USER -> Need.POLICYMAKER_VHOST;
                    case OPERATOR -> Need.ADMINISTRATOR;
                };
        api.get(path, Need.MANAGEMENT, this::all);
        api.get(path + "/{vhost}", Need.VHOST, this::ofVhost);
        api.get(path + "/{vhost}/{name}", change, this::one);
        api.put(path + "/{vhost}/{name}", change, this::put);
        api.delete(path + "/{vhost}/{name}", change, this::delete);
    }

    private Response all(Call call) {
        List<Map<String, @Nullable Object>> all = new ArrayList<>();
        for (VirtualHost vhost : Vhosts.seen(broker, call)) {
            all.addAll(in(vhost));
        }
        return Listing.all(call, all);
    }

    private Response ofVhost(Call call) throws HttpRefusal {
        return Listing.all(call, in(Vhosts.existing(broker, call)));
    }

    private List<Map<String, @Nullable Object>> in(VirtualHost vhost) {
        return vhost.policies().all(kind).stream()
                .sorted(Comparator.comparing(PolicyDefinition::name))
                .map(policy -> described(vhost.name(), policy))
                .toList();
    }

    private Response one(Call call) throws HttpRefusal {
        return Listing.one(call, described(call.vhost(), existing(call)));
    }

    private PolicyDefinition existing(Call call) throws HttpRefusal {
        PolicyDefinition policy = Vhosts.existing(broker, call).policies().find(kind, call.name());
        if (policy == null) {
            throw HttpRefusal.notFound();
        }
        return policy;
    }

    private static Map<String, @Nullable Object> described(String vhost, PolicyDefinition policy) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("vhost", vhost);
        fields.put("name", policy.name());
        fields.put("pattern", policy.pattern());
        fields.put("apply-to", policy.applyTo().wireName());
        fields.put("definition", JsonValues.json(policy.definition()));
        fields.put("priority", policy.priority());
        return fields;
    }

    private Response put(Call call) throws Exception {
        VirtualHost vhost = Vhosts.toChange(broker, call);
        Body body = call.body();
        body.require("pattern", "definition");
        PolicyDefinition policy =
                PolicyRules.policy(kind, call.name(), JsonValues.table(body.fields()).asMap());
        Changed changed = vhost.policies().set(policy);
        return Changes.put(broker, changed.position(), changed.created());
    }

    private Response delete(Call call) throws Exception {
        existing(call);
        return Changes.done(
                broker, Vhosts.existing(broker, call).policies().clear(kind, call.name()));
    }
}
