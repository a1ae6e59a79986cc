// Every address of the console. Each page is a chunk of its own.

import { lazy } from 'react';
import { Navigate, Route, Routes } from 'react-router';

const TodayPage = lazy(() => import('./today'));
const AudiencesPage = lazy(() => import('./audiences'));
const AudiencePage = lazy(() => import('./audience'));
const AudienceEditPage = lazy(() => import('./audience_edit'));
const StagesPage = lazy(() => import('./stages'));
const StageModelPage = lazy(() => import('./stage_model'));
const StageModelEditPage = lazy(() => import('./stage_model_edit'));
const CustomersPage = lazy(() => import('./customers'));
const CustomerPage = lazy(() => import('./customer'));
const CampaignsPage = lazy(() => import('./campaigns'));
const CampaignPage = lazy(() => import('./campaign'));
const CampaignEditPage = lazy(() => import('./campaign_edit'));
const BoardsPage = lazy(() => import('./boards'));
const BoardPage = lazy(() => import('./board'));
const QuestionsPage = lazy(() => import('./questions'));
const QuestionPage = lazy(() => import('./question'));
const SqlPage = lazy(() => import('./sql'));
const LeaguesPage = lazy(() => import('./leagues'));
const ProductsPage = lazy(() => import('./products'));
const AcquisitionPage = lazy(() => import('./acquisition'));
const ReturnsPage = lazy(() => import('./returns'));
const ScreensPage = lazy(() => import('./screens'));
const EntriesPage = lazy(() => import('./entries'));
const AlertsPage = lazy(() => import('./alerts'));
const AlertPage = lazy(() => import('./alert'));
const AnnotationsPage = lazy(() => import('./annotations'));
const WorkItemsPage = lazy(() => import('./work_items'));
const DictionaryPage = lazy(() => import('./dictionary'));
const QuarantinePage = lazy(() => import('./quarantine'));
const ImportsPage = lazy(() => import('./imports'));
const ImportNewPage = lazy(() => import('./import_new'));
const SettingsPage = lazy(() => import('./settings'));
const MissingPage = lazy(() => import('./missing'));

export function PageRoutes() {
  return (
    <Routes>
      <Route path="/" element={<TodayPage />} />
      <Route path="/audiences" element={<AudiencesPage />} />
      <Route path="/audiences/new" element={<AudienceEditPage />} />
      <Route path="/audiences/:id" element={<AudiencePage />} />
      <Route path="/audiences/:id/edit" element={<AudienceEditPage />} />
      <Route path="/stages" element={<StagesPage />} />
      <Route path="/stages/new" element={<StageModelEditPage />} />
      <Route path="/stages/:id" element={<StageModelPage />} />
      <Route path="/stages/:id/edit" element={<StageModelEditPage />} />
      <Route path="/customers" element={<CustomersPage />} />
      <Route path="/customers/:id" element={<CustomerPage />} />
      <Route path="/campaigns" element={<CampaignsPage />} />
      <Route path="/campaigns/new" element={<CampaignEditPage />} />
      <Route path="/campaigns/:id" element={<CampaignPage />} />
      <Route path="/campaigns/:id/edit" element={<CampaignEditPage />} />
      <Route path="/boards" element={<BoardsPage />} />
      <Route path="/boards/:id" element={<BoardPage />} />
      <Route path="/insights/questions" element={<QuestionsPage />} />
      <Route path="/insights/questions/:kind" element={<QuestionPage />} />
      <Route path="/insights/sql" element={<SqlPage />} />
      <Route path="/insights/leagues" element={<LeaguesPage />} />
      <Route path="/insights/products" element={<ProductsPage />} />
      <Route path="/insights/acquisition" element={<AcquisitionPage />} />
      <Route path="/insights/returns" element={<ReturnsPage />} />
      <Route path="/insights/screens" element={<ScreensPage />} />
      <Route path="/insights/entries" element={<EntriesPage />} />
      <Route path="/insights/alerts" element={<AlertsPage />} />
      <Route path="/insights/alerts/:id" element={<AlertPage />} />
      <Route path="/insights/annotations" element={<AnnotationsPage />} />
      <Route path="/work-items" element={<WorkItemsPage />} />
      <Route path="/dictionary/:kind?" element={<DictionaryPage />} />
      <Route path="/quarantine" element={<QuarantinePage />} />
      <Route path="/imports" element={<ImportsPage />} />
      <Route path="/imports/new" element={<ImportNewPage />} />
      <Route path="/settings" element={<Navigate to="/settings/channels" replace />} />
      <Route path="/settings/:section" element={<SettingsPage />} />
      <Route path="*" element={<MissingPage />} />
    </Routes>
  );
}
