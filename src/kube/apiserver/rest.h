// The verbs on stored resources. Each gets a call that is authenticated, authorized and known.
#pragma once

#include "kube/apiserver/core.h"

namespace fleet::kube::apiserver {

Reply<Response> rest_get(Core& core, Call& call);
Reply<Response> rest_list(Core& core, Call& call);
Reply<Response> rest_watch(Core& core, Call& call);
Reply<Response> rest_create(Core& core, Call& call);
Reply<Response> rest_update(Core& core, Call& call);
Reply<Response> rest_patch(Core& core, Call& call);
Reply<Response> rest_delete(Core& core, Call& call);
Reply<Response> rest_delete_collection(Core& core, Call& call);
Reply<Response> rest_get_scale(Core& core, Call& call);
Reply<Response> rest_update_scale(Core& core, Call& call);

// 504 Timeout, as kube-apiserver: that revision is yet to come.
Status too_large_revision(store::Revision asked, store::Revision now);

}  // namespace fleet::kube::apiserver
