-- Hai vai trò của PostgreSQL: chủ sở hữu (chỉ dùng khi nâng cấp) và ứng dụng (không sửa, không xóa được bản ghi đã ghi).
-- Chạy một lần bằng quyền quản trị: psql -f deploy/roles.sql. Quyền trên từng bảng do `thamdinh db upgrade` cấp.
CREATE ROLE thamdinh_owner LOGIN;
CREATE ROLE thamdinh_app LOGIN;
CREATE DATABASE thamdinh OWNER thamdinh_owner;
