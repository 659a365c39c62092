/**
 * The management interface: RabbitMQ's HTTP API below {@code /api}, on the port for HTTP.
 *
 * <p>A request passes four rooms: {@link io.chasqui.server.http.Router} finds its route, {@link
 * io.chasqui.server.management.LogIns} finds out who asks, {@link
 * io.chasqui.server.management.Need} says whether they may, and the resource answers. It runs on a
 * virtual thread throughout, so it may wait for shards and disks, and no event loop waits for it.
 *
 * <p><b>To add a resource</b>, write one class with a {@code void mount(Api api)} that names each
 * path once, with who may ask:
 *
 * <pre>
 *   api.get("/policies/{vhost}/{name}", Need.VHOST, this::one);
 *   api.put("/policies/{vhost}/{name}", Need.VHOST, this::put);
 * </pre>
 *
 * and mount it in {@link io.chasqui.server.management.Management}. Its methods take a {@link
 * io.chasqui.server.management.Call} and give a {@link io.chasqui.server.http.Response}:
 *
 * <ul>
 *   <li>lists go through {@link io.chasqui.server.management.Listing}, which pages, sorts and picks
 *       columns; bodies through {@link io.chasqui.server.management.Body};
 *   <li>changes go to {@code core.admin} or through a session ({@link
 *       io.chasqui.server.management.Errands}), so that every rule is written once; a {@code
 *       Refusal} from there is mapped in {@link io.chasqui.server.management.Api};
 *   <li>changes are answered with {@link io.chasqui.server.management.Changes}, once on disk;
 *   <li>whatever belongs to a shard is asked through {@link
 *       io.chasqui.server.management.ShardLook}.
 * </ul>
 */
@NullMarked
package io.chasqui.server.management;

import org.jspecify.annotations.NullMarked;
