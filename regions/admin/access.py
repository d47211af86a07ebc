"""Doors of the administration's own screens: who may enter, and the same 404 for all the others."""

from __future__ import annotations

from django.http import Http404

from regions.permissions import user_can_manage_network


class NetworkManagerMixin:
    """A screen of national administrators; it does not exist for anybody else."""

    def dispatch(self, request, *args, **kwargs):
        if not user_can_manage_network(request.user):
            raise Http404
        return super().dispatch(request, *args, **kwargs)
