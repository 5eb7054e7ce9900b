

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('collection', '0007_archives'),
        ('units', '0003_shares'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='remark',
            name='answer',
            field=models.CharField(blank=True, max_length=500, verbose_name='trả lời'),
        ),
        migrations.AddField(
            model_name='remark',
            name='answered_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='submission',
            name='round',
            field=models.PositiveSmallIntegerField(default=0, editable=False, verbose_name='lượt nộp'),
        ),
        migrations.AddField(
            model_name='submissionevent',
            name='on_behalf_of',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='submissionevent',
            name='what',
            field=models.CharField(choices=[('opened', 'Mở bộ số liệu'), ('uploaded', 'Tải tệp lên'), ('discarded', 'Bỏ tệp'), ('committed', 'Ghi nhận số liệu từ tệp'), ('typed', 'Nhập số liệu trên trang'), ('undone', 'Hoàn tác tệp'), ('submitted', 'Nộp số liệu'), ('withdrawn', 'Rút lại để sửa'), ('returned', 'Trả lại'), ('endorsed', 'Duyệt, chuyển cấp trên'), ('sent_back', 'Chuyển lại cấp dưới'), ('approved', 'Duyệt'), ('superseded', 'Được thay bằng bản đính chính'), ('rechecked', 'Kiểm tra lại với biểu khác'), ('handed_over', 'Bàn giao')], max_length=12, verbose_name='việc'),
        ),
        migrations.CreateModel(
            name='NoticeMail',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(verbose_name='ngày')),
                ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='gửi lúc')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'thư nhắc',
                'verbose_name_plural': 'thư nhắc',
                'ordering': ['-day', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('due', 'Hạn nộp'), ('overdue', 'Quá hạn'), ('review', 'Chờ duyệt'), ('returned', 'Trả lại'), ('opened', 'Gia hạn'), ('work', 'Bàn giao, uỷ quyền')], max_length=10, verbose_name='loại')),
                ('key', models.CharField(max_length=200, verbose_name='khoá')),
                ('text', models.CharField(max_length=500, verbose_name='nội dung')),
                ('url', models.CharField(blank=True, max_length=300, verbose_name='địa chỉ')),
                ('at', models.DateTimeField(verbose_name='lúc')),
                ('seen_at', models.DateTimeField(blank=True, null=True, verbose_name='đã xem lúc')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notices', to=settings.AUTH_USER_MODEL)),
                ('mail', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='notices', to='collection.noticemail')),
            ],
            options={
                'verbose_name': 'thông báo',
                'verbose_name_plural': 'thông báo',
                'ordering': ['-at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='PeriodClosing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('closed_from', models.DateField(verbose_name='khoá sổ từ ngày')),
                ('dataset', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='closings', to='collection.dataset')),
                ('period', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='closings', to='collection.reportingperiod')),
            ],
            options={
                'verbose_name': 'kỳ khoá sổ',
                'verbose_name_plural': 'kỳ khoá sổ',
                'ordering': ['dataset', 'period'],
            },
        ),
        migrations.CreateModel(
            name='ReturnedValues',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('round', models.PositiveSmallIntegerField(verbose_name='lượt nộp')),
                ('at', models.DateTimeField(verbose_name='lúc')),
                ('content', models.BinaryField(verbose_name='số liệu')),
                ('submission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='returned_values', to='collection.submission')),
            ],
            options={
                'verbose_name': 'số liệu của lượt trước',
                'verbose_name_plural': 'số liệu của lượt trước',
                'ordering': ['submission', 'round'],
            },
        ),
        migrations.CreateModel(
            name='ReviewLevel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(verbose_name='thứ tự')),
                ('reviewer', models.CharField(choices=[('district', 'Cấp huyện'), ('committee', 'Ban Dân tộc'), ('head', 'Trưởng phòng')], max_length=10, verbose_name='cấp duyệt')),
                ('valid', django.contrib.postgres.fields.ranges.DateRangeField(verbose_name='áp dụng')),
                ('dataset', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='review_levels', to='collection.dataset')),
            ],
            options={
                'verbose_name': 'cấp duyệt',
                'verbose_name_plural': 'cấp duyệt',
                'ordering': ['dataset', 'valid', 'position'],
            },
        ),
        migrations.CreateModel(
            name='ReviewStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('round', models.PositiveSmallIntegerField(verbose_name='lượt nộp')),
                ('reviewer', models.CharField(choices=[('district', 'Cấp huyện'), ('committee', 'Ban Dân tộc'), ('head', 'Trưởng phòng')], max_length=10, verbose_name='cấp duyệt')),
                ('outcome', models.CharField(choices=[('approved', 'Duyệt'), ('sent_back', 'Chuyển lại cấp dưới'), ('returned', 'Trả lại đơn vị')], max_length=10, verbose_name='kết quả')),
                ('sent_back_to', models.CharField(blank=True, choices=[('district', 'Cấp huyện'), ('committee', 'Ban Dân tộc'), ('head', 'Trưởng phòng')], default='', max_length=10, verbose_name='chuyển lại cho')),
                ('at', models.DateTimeField(verbose_name='lúc')),
                ('remark', models.CharField(blank=True, max_length=1000, verbose_name='ý kiến')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người duyệt')),
                ('on_behalf_of', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='thay mặt')),
                ('submission', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='collection.submission')),
            ],
            options={
                'verbose_name': 'bước duyệt',
                'verbose_name_plural': 'bước duyệt',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='ClosingRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('days_after_due', models.PositiveSmallIntegerField(verbose_name='khoá sổ sau hạn nộp (ngày)')),
                ('valid', django.contrib.postgres.fields.ranges.DateRangeField(verbose_name='áp dụng cho hạn nộp')),
                ('dataset', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='closing_rules', to='collection.dataset')),
            ],
            options={
                'verbose_name': 'quy tắc khoá sổ',
                'verbose_name_plural': 'quy tắc khoá sổ',
                'ordering': ['dataset', 'valid'],
                'constraints': [django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('dataset', '='), ('valid', '&&')], name='closing_rule_one_at_a_time', violation_error_message='Biểu đã có quy tắc khoá sổ trong cùng thời gian.')],
            },
        ),
        migrations.CreateModel(
            name='Delegation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('valid', django.contrib.postgres.fields.ranges.DateRangeField(verbose_name='từ ngày, đến ngày')),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='lý do')),
                ('named_at', models.DateTimeField(verbose_name='lập lúc')),
                ('named_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('principal', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='delegations', to=settings.AUTH_USER_MODEL, verbose_name='người uỷ quyền')),
                ('substitute', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='standing_in', to=settings.AUTH_USER_MODEL, verbose_name='người thay')),
            ],
            options={
                'verbose_name': 'uỷ quyền',
                'verbose_name_plural': 'uỷ quyền',
                'ordering': ['-valid', 'pk'],
                'constraints': [django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('principal', '='), ('valid', '&&')], name='delegation_one_substitute_at_a_time', violation_error_message='Trong thời gian này đã có người thay.'), models.CheckConstraint(condition=models.Q(('principal', models.F('substitute')), _negated=True), name='delegation_to_somebody_else', violation_error_message='Người thay phải là người khác.'), models.CheckConstraint(condition=models.Q(('valid__endswith__isnull', False), ('valid__startswith__isnull', False)), name='delegation_has_both_days', violation_error_message='Uỷ quyền phải có ngày bắt đầu và ngày kết thúc.')],
            },
        ),
        migrations.CreateModel(
            name='HandOver',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='lúc')),
                ('work', models.JSONField(default=list, verbose_name='việc bàn giao')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('leaver', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='handed_over', to=settings.AUTH_USER_MODEL, verbose_name='người bàn giao')),
                ('successor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='taken_over', to=settings.AUTH_USER_MODEL, verbose_name='người nhận')),
            ],
            options={
                'verbose_name': 'bàn giao',
                'verbose_name_plural': 'bàn giao',
                'ordering': ['-at', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('leaver', models.F('successor')), _negated=True), name='hand_over_to_somebody_else', violation_error_message='Người nhận phải là người khác.')],
            },
        ),
        migrations.CreateModel(
            name='LockException',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('until', models.DateField(verbose_name='nộp được đến hết ngày')),
                ('reason', models.CharField(max_length=500, verbose_name='lý do')),
                ('granted_at', models.DateTimeField(verbose_name='mở lúc')),
                ('dataset', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lock_exceptions', to='collection.dataset')),
                ('granted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người mở')),
                ('period', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lock_exceptions', to='collection.reportingperiod')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lock_exceptions', to='units.administrativeunit')),
            ],
            options={
                'verbose_name': 'gia hạn nộp',
                'verbose_name_plural': 'gia hạn nộp',
                'ordering': ['-granted_at', '-pk'],
                'indexes': [models.Index(fields=['dataset', 'unit', 'period'], name='lock_exception_of_duty')],
                'constraints': [models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='lock_exception_has_reason', violation_error_message='Ghi lý do gia hạn.')],
            },
        ),
        migrations.AddConstraint(
            model_name='noticemail',
            constraint=models.UniqueConstraint(fields=('person', 'day'), name='notice_mail_once_a_day', violation_error_message='Hôm nay đã gửi thư cho người này.'),
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(condition=models.Q(('seen_at', None)), fields=['person', '-at'], name='notice_unseen'),
        ),
        migrations.AddConstraint(
            model_name='notice',
            constraint=models.UniqueConstraint(fields=('person', 'key'), name='notice_once', violation_error_message='Người này đã được báo việc này.'),
        ),
        migrations.AddConstraint(
            model_name='periodclosing',
            constraint=models.UniqueConstraint(fields=('dataset', 'period'), name='period_closing_once', violation_error_message='Kỳ này của biểu đã có ngày khoá sổ.'),
        ),
        migrations.AddConstraint(
            model_name='returnedvalues',
            constraint=models.UniqueConstraint(fields=('submission', 'round'), name='returned_values_once', violation_error_message='Số liệu của lượt này đã được giữ.'),
        ),
        migrations.AddConstraint(
            model_name='reviewlevel',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('dataset', '='), ('position', '='), ('valid', '&&')], name='review_level_position_once_at_a_time', violation_error_message='Thứ tự này đã có cấp duyệt trong cùng thời gian.'),
        ),
        migrations.AddConstraint(
            model_name='reviewlevel',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('dataset', '='), ('reviewer', '='), ('valid', '&&')], name='review_level_reviewer_once_at_a_time', violation_error_message='Cấp này đã duyệt biểu trong cùng thời gian.'),
        ),
        migrations.AddConstraint(
            model_name='reviewlevel',
            constraint=models.CheckConstraint(condition=models.Q(('reviewer__in', ['district', 'committee', 'head'])), name='review_level_reviewer_known', violation_error_message='Cấp duyệt không đúng.'),
        ),
        migrations.AddConstraint(
            model_name='reviewlevel',
            constraint=models.CheckConstraint(condition=models.Q(('position__gte', 1)), name='review_level_position_from_one', violation_error_message='Thứ tự bắt đầu từ 1.'),
        ),
        migrations.AddIndex(
            model_name='reviewstep',
            index=models.Index(fields=['submission', 'round'], name='review_step_of_round'),
        ),
        migrations.AddConstraint(
            model_name='reviewstep',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('outcome', 'approved')), expressions=[('submission', '='), ('round', '='), ('by', '='), ('reviewer', '<>')], name='review_step_one_level_a_person', violation_error_message='Một người không duyệt ở hai cấp.'),
        ),
        migrations.AddConstraint(
            model_name='reviewstep',
            constraint=models.CheckConstraint(condition=models.Q(('reviewer__in', ['district', 'committee', 'head'])), name='review_step_reviewer_known', violation_error_message='Cấp duyệt không đúng.'),
        ),
        migrations.AddConstraint(
            model_name='reviewstep',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('outcome', 'sent_back'), ('sent_back_to__in', ['district', 'committee', 'head'])), models.Q(('outcome__in', ['approved', 'returned']), ('sent_back_to', '')), _connector='OR'), name='review_step_sent_back_to_someone', violation_error_message='Chuyển lại thì phải nói chuyển cho cấp nào.'),
        ),
        migrations.AddConstraint(
            model_name='reviewstep',
            constraint=models.CheckConstraint(condition=models.Q(('on_behalf_of', None), models.Q(('on_behalf_of', models.F('by')), _negated=True), _connector='OR'), name='review_step_not_on_own_behalf', violation_error_message='Không ai thay mặt chính mình.'),
        ),
    ]
