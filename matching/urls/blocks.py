from django.urls import URLPattern, path

from matching.views import blocks

_LIST = "clusters/<slug:slug>/suggestions/not-with/"
urlpatterns: list[URLPattern] = [
    path(_LIST, blocks.block_list, name="block-list"),
    path(f"{_LIST}add/<slug:partner>/", blocks.block_create, name="block-create"),
    path(f"{_LIST}<int:pk>/lift/", blocks.block_lift, name="block-lift"),
]
