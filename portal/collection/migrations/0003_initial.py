from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('collection', '0002_locks'),
    ]

    operations = [
        migrations.AddField(
            model_name='remark',
            name='is_sent',
            field=models.BooleanField(default=False, verbose_name='đã gửi đơn vị'),
        ),
        migrations.AlterField(
            model_name='submissionevent',
            name='what',
            field=models.CharField(choices=[('opened', 'Mở bộ số liệu'), ('uploaded', 'Tải tệp lên'), ('discarded', 'Bỏ tệp'), ('committed', 'Ghi nhận số liệu từ tệp'), ('typed', 'Nhập số liệu trên trang'), ('submitted', 'Nộp số liệu'), ('withdrawn', 'Rút lại để sửa'), ('returned', 'Trả lại'), ('approved', 'Duyệt'), ('superseded', 'Được thay bằng bản đính chính')], max_length=12, verbose_name='việc'),
        ),
    ]
