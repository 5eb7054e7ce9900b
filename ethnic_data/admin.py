"""Catalogues that an administrator keeps."""

from django.contrib import admin
from import_export.admin import ImportExportModelAdmin

from .models import EthnicGroup, GroupAlias, GroupCode, Indicator, LocalGroup, PublishedTable
from .resources import GroupResource, IndicatorResource


class GroupCodeInline(admin.TabularInline):
    model = GroupCode
    extra = 0


class LocalGroupInline(admin.TabularInline):
    model = LocalGroup
    extra = 0


@admin.register(EthnicGroup)
class EthnicGroupAdmin(ImportExportModelAdmin):
    resource_classes = [GroupResource]
    list_display = ["code", "name", "family", "branch", "is_very_small", "kind"]
    list_filter = ["kind", "is_very_small", "family"]
    search_fields = ["name", "name_key", "aliases__name"]
    inlines = [GroupCodeInline, LocalGroupInline]


@admin.register(GroupAlias)
class GroupAliasAdmin(admin.ModelAdmin):
    list_display = ["name", "needs_confirmation"]
    list_filter = ["needs_confirmation"]
    search_fields = ["name", "key"]
    autocomplete_fields = ["groups"]


@admin.register(Indicator)
class IndicatorAdmin(ImportExportModelAdmin):
    resource_classes = [IndicatorResource]
    list_display = ["code", "name", "unit_of_measure", "level", "aggregation", "formula"]
    list_filter = ["level", "aggregation"]
    list_select_related = ["numerator", "denominator"]
    search_fields = ["code", "name", "name_key"]
    autocomplete_fields = ["numerator", "denominator", "weight", "counted", "all_groups"]


@admin.register(PublishedTable)
class PublishedTableAdmin(admin.ModelAdmin):
    list_display = ["code", "title", "source", "reference_date", "kind"]
    search_fields = ["code", "title"]
